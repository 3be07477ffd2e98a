// Keep a Changelog and its relatives: a heading a release, lists below it.
#include "tools/precheck/documentation/changelog_section.h"

#include <algorithm>
#include <vector>

#include "common/core/text.h"
#include "tools/precheck/documentation/document.h"
#include "tools/precheck/documentation/version.h"

namespace baton::precheck {
namespace {

bool is_about_breaking(std::string_view text) { return to_lower(text).find("breaking") != std::string::npos; }

bool is_item(std::string_view text) {
  return text.starts_with("- ") || text.starts_with("* ") || text.starts_with("+ ") ||
         (!text.empty() && text.front() >= '0' && text.front() <= '9' && text.find(". ") < 4);
}

/// "- **BREAKING** the API …", "- Breaking: …".
bool begins_breaking(std::string_view text) {
  while (!text.empty() && std::string_view("-*+_ [(").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  return starts_with_icase(text, "breaking");
}

/// The first version that the text names.
std::string version_in(std::string_view text) {
  std::string word;
  for (const char c : std::string(text) + " ") {
    const bool is_part = std::string_view("[]() ,:\t").find(c) == std::string_view::npos;
    if (is_part) {
      word += c;
      continue;
    }
    if (parse_version(word)) return word;
    word.clear();
  }
  return "";
}

/// Counts entries of one section, line by line.
class Tally {
 public:
  void take(const Line& line) {
    if (line.heading.level > 0) {
      is_below_breaking_ = is_about_breaking(line.heading.text);
      return;
    }
    if (!says_something(line)) return;
    const bool is_breaking = is_below_breaking_ || begins_breaking(line.text);
    (is_item(line.text) ? items_ : others_) += 1;
    if (is_breaking) ++breaking_;
  }
  int entries() const { return items_ > 0 ? items_ : others_; }
  int breaking() const { return breaking_; }

 private:
  bool is_below_breaking_ = false;
  int items_ = 0;
  int others_ = 0;
  int breaking_ = 0;
};

}  // namespace

std::optional<ChangelogSection> changelog_section(std::string_view text, std::string_view release) {
  const auto lines = markdown_lines(text);
  const auto begin = std::ranges::find_if(
      lines, [&](const Line& line) { return line.heading.level > 0 && names_version(line.heading.text, release); });
  if (begin == lines.end()) return std::nullopt;
  const auto end = std::find_if(begin + 1, lines.end(), [&](const Line& line) {
    return line.heading.level > 0 && line.heading.level <= begin->heading.level;
  });
  Tally tally;
  std::for_each(begin + 1, end, [&](const Line& line) { tally.take(line); });
  return ChangelogSection{.heading = begin->heading.text,
                          .entries = tally.entries(),
                          .breaking = tally.breaking(),
                          .previous_release = end == lines.end() ? "" : version_in(end->heading.text)};
}

}  // namespace baton::precheck
