// A report as one page that needs nothing else: no script, no picture, no address.
#include <fmt/format.h>

#include "common/core/printable.h"
#include "common/core/report.h"
#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::size_t kLongest = 20'000;

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<style>\nbody{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1b1b;"
    "background:#fff}\nh2,h3{margin:1.5em 0 .3em}\nul{list-style:none;padding:0;margin:0}\n"
    "li{padding:.2em .6em;border-left:.3em solid #bbb;margin:.2em 0;overflow-wrap:anywhere}\n"
    "li.pass{border-color:#2e7d32}\nli.warn{border-color:#ef9a00}\nli.fail{border-color:#c62828}\n"
    "li.unknown{border-color:#6a1b9a}\n.closing{padding:.5em .6em;border:1px solid #bbb}\n</style>\n";

std::string html_text(std::string_view text) {
  std::string safe = printable(text, kLongest);
  for (const auto& [from, to] :
       {std::pair{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}})
    safe = replace_all(safe, from, to);
  return safe;
}

std::string mark_of(const std::optional<Outcome>& mark) { return mark ? " " + std::string(outcome_mark(*mark)) : ""; }

std::string section_html(const ReportSection& section) {
  std::string html =
      fmt::format("<h{0}>{1}{2}</h{0}>\n<ul>\n", section.level, html_text(section.heading), mark_of(section.mark));
  for (const auto& line : section.lines) {
    html += fmt::format("<li{}>{}{}</li>\n", line.mark ? fmt::format(" class=\"{}\"", outcome_name(*line.mark)) : "",
                        html_text(line.text), mark_of(line.mark));
  }
  return html + "</ul>\n";
}

}  // namespace

std::string to_html(const Report& report) {
  auto html =
      std::string(kHead) + fmt::format("<title>{0}</title>\n</head>\n<body>\n<h1>{0}</h1>\n", html_text(report.title));
  if (!report.closing.empty()) html += fmt::format("<p class=\"closing\">{}</p>\n", html_text(report.closing));
  for (const auto& section : report.sections) html += section_html(section);
  return html + "</body>\n</html>\n";
}

}  // namespace baton
