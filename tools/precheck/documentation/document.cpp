// Reading Markdown as far as headings and entries go.
#include "tools/precheck/documentation/document.h"

#include <algorithm>
#include <array>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMaxDocument = 4U << 20U;

std::string without_comments(std::string_view text) {
  constexpr std::string_view kOpen = "<!--";
  constexpr std::string_view kClose = "-->";
  std::string kept;
  while (!text.empty()) {
    const auto begin = text.find(kOpen);
    kept += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const auto end = text.find(kClose, begin);
    // One that never ends hides the rest, as readers show it.
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + kClose.size());
  }
  return kept;
}

/// "## Text ##".
Heading heading_of(const std::string& line) {
  const auto level = std::min(line.find_first_not_of('#'), line.size());
  if (level == 0 || level > 6 || (level < line.size() && line[level] != ' ' && line[level] != '\t')) return {};
  auto text = std::string(trim(std::string_view(line).substr(level)));
  while (text.ends_with('#')) text.pop_back();
  return {.level = static_cast<int>(level), .text = std::string(trim(std::string_view(text)))};
}

bool is_made_of(std::string_view line, char c) {
  return !line.empty() && line.find_first_not_of(c) == std::string_view::npos;
}

bool is_fence(const std::string& line) { return line.starts_with("```") || line.starts_with("~~~"); }

/// The text of an entry without what makes it one.
std::string_view without_bullet(std::string_view text) {
  while (!text.empty() && std::string_view("-*+ \t").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  return text;
}

}  // namespace

Document read_document(const std::string& path, std::string_view kind) {
  auto bytes = read_file_if_exists(fs::path(path), kMaxDocument);
  const auto shown = printable(path, 200);
  if (!bytes)
    throw Error(ExitCode::unknown, "there is no '" + shown + "'", "Write it, or correct precheck.documentation.");
  if (!is_utf8(*bytes)) throw Error(ExitCode::unknown, "'" + shown + "' is no text in UTF-8", "Save it as UTF-8.");
  return {.name = path,
          .text = *bytes,
          .evidence = {.name = path, .kind = std::string(kind), .sha256 = sha256_hex(*bytes)}};
}

std::vector<Line> markdown_lines(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  std::vector<Line> lines;
  bool is_code = false;
  for (const auto& raw : split(without_comments(text), '\n')) {
    const auto line = std::string(trim(std::string_view(raw)));
    const bool is_border = is_fence(line);
    is_code = is_code != is_border;
    if (is_code || is_border) {
      lines.push_back({.text = line, .is_code = true});
      continue;
    }
    const bool is_underline = is_made_of(line, '=') || (line.size() > 2 && is_made_of(line, '-'));
    if (is_underline && !lines.empty() && says_something(lines.back()) && !lines.back().is_code) {
      lines.back().heading = {.level = line.front() == '=' ? 1 : 2, .text = lines.back().text};
      continue;
    }
    lines.push_back({.text = line, .heading = heading_of(line)});
  }
  return lines;
}

bool says_something(const Line& line) {
  constexpr std::array<std::string_view, 7> kNothing = {"", "tbd", "todo", "none", "n/a", "wip", "..."};
  if (line.heading.level > 0) return false;
  auto text = to_lower(trim(without_bullet(line.text)));
  while (text.ends_with('.') || text.ends_with(':')) text.pop_back();
  if (text.find_first_not_of("-=_*`~ ") == std::string::npos) return false;
  return std::ranges::find(kNothing, text) == kNothing.end();
}

}  // namespace baton::precheck
