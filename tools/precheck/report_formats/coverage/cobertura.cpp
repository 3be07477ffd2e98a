// Cobertura XML: lines and their hits.
#include <charconv>
#include <cmath>
#include <optional>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

std::optional<double> number(const XmlAttributes& attributes, std::string_view name) {
  const auto text = attributes.find(name);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return value;
}

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what,
              "Name the Cobertura report, and build it with lines.");
}

/// What one pass over the report gathers.
struct Tally {
  std::string_view name;
  std::optional<double> covered = {};
  std::optional<double> valid = {};
  LineCoverage lines = {};
  bool in_methods = false;  ///< methods repeat the lines of their class

  void root(const std::string& element, const XmlAttributes& attributes) {
    if (element != "coverage") broken(name, "not Cobertura: its root is '" + printable(element, 60) + "'");
    covered = number(attributes, "lines-covered");
    valid = number(attributes, "lines-valid");
  }

  void line(const XmlAttributes& attributes) {
    const auto hits = number(attributes, "hits");
    if (!hits) broken(name, "a line has no number of hits");
    ++lines.valid;
    if (*hits > 0) ++lines.covered;
  }

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1) root(element, attributes);
    in_methods = in_methods || element == "methods";
    if (element == "line" && !in_methods) line(attributes);
  }

  void end(const std::string& element) { in_methods = in_methods && element != "methods"; }
};

/// By the report's own lines; where it lists none, by lines-covered and lines-valid of its root. A rate alone cannot be
/// weighed.
Reading read(std::istream& bytes, std::string_view name) {
  Tally tally{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { tally.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { tally.end(element); }});
  if (tally.lines.valid > 0) return tally.lines;
  if (!tally.covered || !tally.valid || *tally.covered > *tally.valid) broken(name, "it counts no lines");
  return LineCoverage{.covered = *tally.covered, .valid = *tally.valid};
}

}  // namespace

extern const Format cobertura{.id = "cobertura",
                              .kind = ReportKind::coverage,
                              .recognises = [](std::string_view head) { return xml_root(head) == "coverage"; },
                              .read = read};

}  // namespace baton::precheck
