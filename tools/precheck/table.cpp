// Columns of text.
#include "tools/precheck/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "tools/precheck/first_to_fix.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kWidest = 40;    ///< of what was seen
constexpr std::size_t kMessage = 300;  ///< longest
constexpr std::size_t kLimit = 80;

/// Letters as a terminal counts them: bytes that do not go on with one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string padded(std::string text, std::size_t width) {
  const auto own = width_of(text);
  return own < width ? text.append(width - own, ' ') : text;
}

std::string seen_in_short(const Finding& finding) { return printable(finding.observed.text(), kWidest); }

struct Widths {
  std::size_t id = 0;
  std::size_t seen = 0;
};

Widths widths_of(std::span<const GroupFindings> groups) {
  Widths widths;
  for (const auto& [group, findings] : groups) {
    for (const auto& finding : findings) {
      widths.id = std::max(widths.id, finding.id.size());
      widths.seen = std::max(widths.seen, width_of(seen_in_short(finding)));
    }
  }
  return widths;
}

std::string row(const Finding& finding, const Widths& widths) {
  // A mark of one column and one of two look alike on few terminals: a tab would do no better.
  auto line = fmt::format("  {} {}  {}  {}", outcome_mark(finding.outcome), padded(finding.id, widths.id),
                          padded(seen_in_short(finding), widths.seen), printable(finding.expected.text(), kLimit));
  line.erase(line.find_last_not_of(' ') + 1);
  if (finding.outcome == Outcome::pass || finding.message.empty()) return line + "\n";
  return line + "\n       " + printable(finding.message, kMessage) + "\n";
}

}  // namespace

std::string to_table(std::span<const GroupFindings> groups, const std::string& closing) {
  std::string text;
  const auto first = first_to_fix(groups);
  if (first.finding != nullptr) {
    text += first_text(first) + "\n";
    int number = 0;
    for (const auto& step : recovery_of(first)) text += fmt::format("  {}. {}\n", ++number, printable(step, kMessage));
    text += "\n";
  }
  const auto widths = widths_of(groups);
  for (const auto& [group, findings] : groups) {
    text += fmt::format("{}\n", group->heading);
    for (const auto& finding : findings) text += row(finding, widths);
  }
  return text + "\n" + closing + "\n";
}

}  // namespace baton::precheck
