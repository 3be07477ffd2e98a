// Chooses for each rule the text that is rarest, and what is fixed around it.
#include "tools/precheck/secrets/rules/anchor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "common/core/digest.h"

namespace baton::precheck::secrets {
namespace {

/// What people call secrets: names of any case that hold one of these (generic.cpp judges the whole name).
constexpr std::array<std::string_view, 14> kGenericNames = {
    "passw",   "passphrase", "pwd",       "secret",     "token",       "api_key",    "apikey",
    "api-key", "access_key", "accesskey", "credential", "private_key", "privatekey", "auth_key"};
/// As far as a pattern looks past the text: more of the same says nothing new, and makes its automaton larger.
constexpr std::size_t kWindow = 24;

std::size_t shortest(const Part& part) {
  std::size_t size = part.texts.front().size();
  for (const auto& text : part.texts) size = std::min(size, text.size());
  return size;
}

/// The part whose shortest text is longest.
std::size_t choose_part(const Rule& rule) {
  std::size_t best = rule.parts.size();
  for (std::size_t i = 0; i < rule.parts.size(); ++i) {
    const auto& part = rule.parts[i];
    if (part.is_class() || part.is_optional) continue;
    if (best == rule.parts.size() || shortest(part) > shortest(rule.parts[best])) best = i;
  }
  return best;
}

bool is_fixed(const Part& part) { return part.texts.size() == 1 && !part.is_optional; }

void add_after(Anchor& anchor, const Rule& rule, std::size_t of) {
  std::size_t room = kWindow;
  for (std::size_t i = of + 1; i < rule.parts.size() && room > 0; ++i) {
    const auto& next = rule.parts[i];
    if (!next.is_class() && !is_fixed(next)) return;
    if (!next.is_class()) {
      anchor.after.push_back(next);
      room -= std::min(room, next.texts.front().size());
      continue;
    }
    const auto count = std::min(next.least, room);
    if (count > 0) anchor.after.push_back({.set = next.set, .least = count, .most = count});
    room -= count;
    if (next.most != count) return;
  }
}

void add_before(Anchor& anchor, const Rule& rule, std::size_t of) {
  if (of == 0) return;
  const auto& previous = rule.parts[of - 1];
  if (!previous.is_class() || previous.least == 0) return;
  const auto count = std::min(previous.least, kWindow);
  anchor.before.push_back({.set = previous.set, .least = count, .most = count});
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char byte : text) pattern += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return pattern;
}

std::string part_pattern(const Part& part) {
  return part.is_class() ? fmt::format("{}{{{}}}", class_pattern(part.set), part.least)
                         : literal_pattern(part.texts.front());
}

}  // namespace

std::size_t Anchor::after_size() const {
  std::size_t size = 0;
  for (const auto& next : after) size += next.is_class() ? next.least : next.texts.front().size();
  return size;
}

std::vector<Anchor> anchors_of(const std::vector<Rule>& rules) {
  std::vector<Anchor> anchors;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> keywords;
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
    const auto& of = rules[rule];
    const auto part = choose_part(of);
    if (of.is_bare || part == of.parts.size()) {
      for (const auto& word : of.keywords) keywords[word].push_back(rule);
      continue;
    }
    for (const auto& text : of.parts[part].texts) {
      anchors.push_back({.text = text, .rule = rule, .part = static_cast<std::uint32_t>(part), .rules = {}});
      add_before(anchors.back(), of, part);
      add_after(anchors.back(), of, part);
    }
  }
  for (const auto& [word, of] : keywords)
    anchors.push_back({.text = word, .is_caseless = true, .rule = of.front(), .rules = of});
  for (const auto name : kGenericNames)
    anchors.push_back({.text = std::string(name), .is_caseless = true, .rules = {}, .is_generic = true});
  return anchors;
}

std::string anchor_pattern(const Anchor& anchor) {
  std::string pattern;
  for (const auto& part : anchor.before) pattern += part_pattern(part);
  pattern += literal_pattern(anchor.text);
  for (const auto& part : anchor.after) pattern += part_pattern(part);
  return pattern;
}

std::string fingerprint_of(const std::vector<Anchor>& anchors) {
  Sha256 sum;
  for (const auto& anchor : anchors) sum.update(anchor_pattern(anchor) + (anchor.is_caseless ? "\ni\n" : "\n"));
  return sum.finish_hex();
}

}  // namespace baton::precheck::secrets
