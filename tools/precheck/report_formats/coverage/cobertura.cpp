// Cobertura XML: lines and their hits.
#include <optional>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/coverage_claim.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what,
              "Name the Cobertura report, and build it with lines.");
}

/// What the root claims.
struct Root {
  std::optional<double> covered = {};
  std::optional<double> valid = {};
  std::optional<double> rate = {};

  /// A rate alone is weighed by the lines that are `listed`.
  std::optional<LineCount> claim(const LineCount& listed) const {
    if (covered && valid && (*valid > 0 || listed.valid == 0)) return LineCount{.covered = *covered, .valid = *valid};
    if (rate && *rate <= 1 && listed.valid > 0)
      return LineCount{.covered = *rate * listed.valid, .valid = listed.valid};
    return std::nullopt;
  }
};

/// What one pass over the report gathers.
struct Pass {
  std::string_view name;
  Root root = {};
  std::optional<Time> written = {};
  CoverageTally tally = {};
  std::string sources = {};
  std::string source = {};  ///< the one that is open
  std::string file = {};    ///< of the class that is open
  bool in_source = false;
  bool in_methods = false;  ///< methods repeat the lines of their class

  void begin(const std::string& element, const XmlAttributes& attributes) {
    if (element != "coverage") broken(name, "not Cobertura: its root is '" + printable(element, 60) + "'");
    root = {.covered = attributes.number("lines-covered"),
            .valid = attributes.number("lines-valid"),
            .rate = attributes.number("line-rate")};
    written = parse_stamp(attributes.find("timestamp").value_or(""));
  }

  void open_class(const XmlAttributes& attributes) {
    const auto filename = attributes.find("filename").value_or("");
    if (filename.size() > kMaxPath) broken(name, "a class has a file name of more than 4096 bytes");
    // File names are relative to the sources: two packages may each have an index.js.
    file = filename.empty() ? std::string{} : source_path(sources, filename);
  }

  void line(const XmlAttributes& attributes) {
    const auto hits = attributes.number("hits");
    const auto at = attributes.number("number");
    if (!hits) broken(name, "a line has no number of hits");
    if (!at || *at > LineHits::kMaxLine) broken(name, "a line has no number");
    if (file.empty()) broken(name, "a line belongs to no class with a file name");
    tally.add(file, static_cast<std::uint32_t>(*at), *hits > 0);
  }

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1) begin(element, attributes);
    in_source = element == "source";
    if (in_source) source.clear();
    if (element == "class") open_class(attributes);
    in_methods = in_methods || element == "methods";
    if (element == "line" && !in_methods) line(attributes);
  }

  void text(std::string_view piece) {
    if (!in_source) return;
    source += piece;
    if (sources.size() + source.size() > kMaxPath) broken(name, "its sources have more than 4096 bytes");
  }

  void end(const std::string& element) {
    if (element == "class") file.clear();
    in_methods = in_methods && element != "methods";
    if (element != "source") return;
    in_source = false;
    const auto folder = replace_all(trim(source), "\\", "/");
    sources += (sources.empty() || folder.empty() ? "" : ":") + folder;
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { pass.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { pass.end(element); },
             .text = [&](std::string_view piece) { pass.text(piece); }});
  pass.tally.claim = pass.root.claim(pass.tally.listed);
  return {.reading = weigh_coverage(std::move(pass.tally), name), .written = pass.written};
}

}  // namespace

extern const Format cobertura{.id = "cobertura",
                              .kind = ReportKind::coverage,
                              .recognises =
                                  [](std::string_view head) {
                                    const auto root = xml_beginning(head);
                                    return root.name == "coverage" && !root.has("clover") && !root.has("generated");
                                  },
                              .read = read};

}  // namespace baton::precheck
