// Reports as the SOP's Markdown, and findings as JUnit XML.
#include "common/core/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

/// Neither HTML nor a link, a picture, a code span or a new line can come out of foreign text; "< 70" stays readable.
std::string markdown_text(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    if (safe.ends_with('<') && c != ' ' && c != '=') safe.replace(safe.size() - 1, 1, "&lt;");
    // A link would show one place and lead to another, a picture calls its server when it is looked at.
    if (safe.ends_with(']') && (c == '(' || c == ':' || c == '[')) safe += '\\';
    safe += c == '`' ? '\'' : c;
  }
  return safe;
}

std::string marked(std::string text, const std::optional<Outcome>& mark) {
  return mark ? text + " " + std::string(outcome_mark(*mark)) : text;
}

void add_section(std::string& out, const ReportSection& section) {
  out += "\n" + std::string(static_cast<std::size_t>(section.level), '#') + " " +
         marked(markdown_text(section.heading), section.mark) + "\n";
  for (const auto& line : section.lines) out += "- " + marked(markdown_text(line.text), line.mark) + "\n";
}

std::string xml_text(std::string_view text) {
  std::string safe = printable(text);
  // XML has no place for U+FFFE and U+FFFF, though both are valid UTF-8.
  for (const auto& [from, to] : {std::pair{"&", "&amp;"},
                                 {"<", "&lt;"},
                                 {">", "&gt;"},
                                 {"\"", "&quot;"},
                                 {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
                                 {"\xEF\xBF\xBF", "\xEF\xBF\xBD"}}) {
    safe = replace_all(safe, from, to);
  }
  return safe;
}

std::string log_text(const Finding& finding) {
  std::string text;
  for (const auto& line : finding.log) text += xml_text(line) + "\n";
  return text;
}

std::string junit_body(const Finding& finding) {
  const std::string seen = xml_text(seen_text(finding));
  switch (finding.outcome) {
    case Outcome::pass:
      return {};
    case Outcome::warn:
      return fmt::format("<system-out>{}</system-out>", seen);
    case Outcome::fail:
      return fmt::format("<failure message=\"{}\">{}</failure>", seen, log_text(finding));
    case Outcome::unknown:
      return fmt::format("<error message=\"{}\">{}</error>", seen, log_text(finding));
    case Outcome::skipped:
      return fmt::format("<skipped message=\"{}\"/>", seen);
  }
  return {};
}

}  // namespace

std::vector<ReportLine> condensed(std::span<const Finding> findings) {
  std::vector<ReportLine> lines;
  for (const auto outcome : {Outcome::fail, Outcome::unknown, Outcome::warn}) {
    for (const auto& finding : findings) {
      if (finding.outcome == outcome) lines.push_back({.text = finding_line(finding), .mark = outcome});
    }
  }
  const std::string other = lines.empty() ? "" : "other ";
  for (const auto& [outcome, state] :
       {std::pair{Outcome::pass, " in order"}, std::pair{Outcome::skipped, " left out"}}) {
    const auto count = std::ranges::count(findings, outcome, &Finding::outcome);
    if (count > 0) lines.push_back({.text = count_text(count, other + "finding") + state, .mark = outcome});
  }
  return lines;
}

std::string to_markdown(const Report& report) {
  std::string out = "# " + markdown_text(report.title) + "\n";
  for (const auto& section : report.sections) add_section(out, section);
  if (!report.closing.empty()) out += "\n## " + markdown_text(report.closing) + "\n";
  return out;
}

std::string to_junit(std::string_view suite, std::span<const Finding> findings) {
  const auto count = [&](Outcome outcome) {
    return std::ranges::count_if(findings, [&](const Finding& finding) { return finding.outcome == outcome; });
  };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" "
      "skipped=\"{}\">\n",
      xml_text(suite), findings.size(), count(Outcome::fail), count(Outcome::unknown), count(Outcome::skipped));
  for (const auto& finding : findings) {
    out += fmt::format("<testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">{}</testcase>\n", xml_text(suite),
                       xml_text(finding.id), static_cast<double>(finding.duration_ms) / 1000, junit_body(finding));
  }
  return out + "</testsuite>\n</testsuites>\n";
}

}  // namespace baton
