// From a text that an engine found to a secret: the structure around it, its proof, and what speaks against it.
#include <algorithm>

#include "tools/precheck/secrets/context.h"
#include "tools/precheck/secrets/generic.h"
#include "tools/precheck/secrets/scanner.h"
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

bool has_value_part(const Rule& rule) { return std::ranges::any_of(rule.parts, &Part::is_value); }

}  // namespace

void Scanner::judge(const Candidate& candidate, std::string_view block) {
  const auto& anchor = book_.anchors[candidate.anchor];
  if (anchor.is_keyword()) {
    judge_word(anchor, block, candidate.at);
    return;
  }
  const auto& rule = book_.rules[anchor.rule];
  const auto found = match_around(rule, anchor.part, anchor.text, block, candidate.at);
  if (!found || (!rule.keywords.empty() && !has_keyword(rule, block, *found))) return;
  accept(rule, *found, block, has_value_part(rule) ? kCarried : kPrefixed);
}

void Scanner::judge_word(const Anchor& anchor, std::string_view block, std::size_t at) {
  // Of a program's own bytes and of lists of digests words say nothing.
  if (text_ == Text::binary || kind_.is_lock || kind_.is_sample) return;
  if (anchor.is_generic) {
    const auto found = assigned_secret(block, at, anchor.text.size(), kind_);
    if (found && !is_in_long_line(block, at)) accept(generic_rule(), *found, block, kAssigned);
    return;
  }
  for (const auto index : anchor.rules) {
    const auto& rule = book_.rules[index];
    const auto found = value_after(rule, block, at, anchor.text.size());
    if (!found || !is_no_word(found->value(block)) || is_in_long_line(block, at)) continue;
    accept(rule, *found, block, kNamed);
  }
}

void Scanner::accept(const Rule& rule, const Found& matched, std::string_view block, int rank) {
  const auto found = trimmed(matched, block);
  const auto value = found.value(block);
  if (entropy(value) < rule.least_entropy || is_placeholder(value)) return;
  const auto proof = prove(rule, found, block);
  if (proof == Proof::refused) return;
  auto severity = rule.severity;
  const bool is_lower = proof == Proof::doubtful || (kind_.is_test && proof != Proof::proved && rank != kPrefixed);
  if (is_lower && severity == Severity::live) severity = Severity::low;
  hits_.push_back({&rule, found, severity, proof == Proof::proved && rank == kPrefixed ? int{kProved} : rank});
}

}  // namespace baton::precheck::secrets
