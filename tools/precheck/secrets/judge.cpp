// Provider's texts first, then names, then assignments of any kind.
#include "tools/precheck/secrets/judge.h"

#include <algorithm>

#include "tools/precheck/secrets/checks.h"
#include "tools/precheck/secrets/context.h"
#include "tools/precheck/secrets/generic.h"
#include "tools/precheck/secrets/values.h"

namespace baton::precheck::secrets {
namespace {

enum Rank { kProved, kPrefixed, kCarried, kNamed, kAssigned };

constexpr std::size_t kLongLine = 700;

bool is_in_long_line(std::string_view block, std::size_t at) {
  return line_end(block, at) - line_begin(block, at) >= kLongLine;
}

/// The armour's value without the blanks that end it.
Found trimmed(Found found, std::string_view block) {
  while (found.value_end > found.value_begin + 1 &&
         std::string_view(" \t\r\n\\").find(block[found.value_end - 1]) != std::string_view::npos)
    --found.value_end;
  return found;
}

bool is_hex(std::string_view value) {
  return std::ranges::all_of(value, [](char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F') || byte == '-';
  });
}

/// A value that nothing but a keyword tells from a word.
bool is_no_word(std::string_view value) {
  constexpr double kLessStrange = 4.5;  // the keyword says something, too
  const bool has_digit = std::ranges::any_of(value, [](char byte) { return byte >= '0' && byte <= '9'; });
  return has_digit && (is_hex(value) || strangeness(value) >= kLessStrange);
}

/// No word has such a sign where the rule has it.
bool has_sign(const Rule& rule) {
  return std::ranges::any_of(rule.parts, [](const Part& part) {
    return !part.is_class() && part.texts.front().find_first_of(":|") != std::string::npos;
  });
}

/// A form that anybody fills: keys, tokens of any issuer, addresses with a password.
bool is_carrier(const Rule& rule) {
  return std::ranges::any_of(rule.parts, &Part::is_value) || (!rule.check.empty() && !is_checksum(rule));
}

class Judge {
 public:
  Judge(const Rulebook& book, std::string_view block, const FileKind& kind, std::vector<Hit>& hits)
      : book_(book), block_(block), kind_(kind), hits_(hits) {}

  void structure(const Anchor& anchor, std::size_t at) {
    const auto& rule = book_.rules[anchor.rule];
    const auto found = match_around(rule, anchor.part, anchor.text, block_, at);
    if (!found || (!rule.keywords.empty() && !has_keyword(rule, block_, *found))) return;
    accept(rule, *found, is_carrier(rule) ? kCarried : kPrefixed);
  }

  void word(const Anchor& anchor, std::size_t at) {
    // In lists of digests, and where values stand for others, names say nothing.
    if (kind_.is_lock || kind_.is_sample || is_in_long_line(block_, at)) return;
    if (anchor.is_generic) {
      if (const auto found = assigned_secret(block_, at, anchor.text.size(), kind_))
        accept(generic_rule(), *found, kAssigned);
      return;
    }
    for (const auto index : anchor.rules) {
      const auto& rule = book_.rules[index];
      const auto found = value_after(rule, block_, at, anchor.text.size());
      if (found && (has_sign(rule) || is_no_word(found->value(block_)))) accept(rule, *found, kNamed);
    }
  }

 private:
  void accept(const Rule& rule, const Found& matched, Rank rank) {
    const auto found = trimmed(matched, block_);
    if (entropy(found.value(block_)) < rule.least_entropy) return;
    const auto proof = prove(rule, found, block_);
    if (proof == Proof::refused) return;
    const bool is_proved = proof == Proof::proved && is_checksum(rule);
    auto severity = rule.severity;
    const bool is_lower = proof == Proof::doubtful || (kind_.is_test && !is_proved && rank != kPrefixed);
    if (is_lower && severity == Severity::live) severity = Severity::low;
    hits_.push_back({&rule, found, severity, is_proved ? int{kProved} : int{rank}});
  }

  const Rulebook& book_;
  std::string_view block_;
  const FileKind& kind_;
  std::vector<Hit>& hits_;
};

}  // namespace

Rulebook::Rulebook(const std::vector<Rule>& of) : Rulebook(of, make_engine) {}

Rulebook::Rulebook(const std::vector<Rule>& of, std::unique_ptr<Engine> (*make)(const std::vector<Anchor>&))
    : rules(of), anchors(anchors_of(of)), engine(make(anchors)) {}

void judge(const Rulebook& book, const Candidate& candidate, std::string_view block, const FileKind& kind, bool is_text,
           std::vector<Hit>& hits) {
  const auto& anchor = book.anchors[candidate.anchor];
  Judge judge(book, block, kind, hits);
  if (!anchor.is_keyword()) {
    judge.structure(anchor, candidate.at);
  } else if (is_text) {
    judge.word(anchor, candidate.at);
  }
}

void resolve(std::vector<Hit>& hits) {
  // Neither engine says in what order it finds.
  std::ranges::sort(hits, [](const Hit& a, const Hit& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.found.begin != b.found.begin) return a.found.begin < b.found.begin;
    if (a.found.end != b.found.end) return a.found.end > b.found.end;
    return a.rule < b.rule;
  });
  std::vector<Hit> kept;
  for (const auto& hit : hits) {
    const bool overlaps = std::ranges::any_of(
        kept, [&](const Hit& other) { return hit.found.begin < other.found.end && other.found.begin < hit.found.end; });
    if (!overlaps) kept.push_back(hit);
  }
  std::ranges::sort(kept, {}, [](const Hit& hit) { return hit.found.begin; });
  hits = std::move(kept);
}

}  // namespace baton::precheck::secrets
