// Clover XML, as OpenClover, PHPUnit and Istanbul write it: statements by their lines.
#include <optional>
#include <vector>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/coverage_claim.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what, "Name the Clover report, and build it with lines.");
}

/// A branch that Clover itself writes has no count of its own.
std::optional<double> hits_of(const XmlAttributes& attributes) {
  if (const auto count = attributes.number("count")) return count;
  const auto when_true = attributes.number("truecount");
  const auto when_false = attributes.number("falsecount");
  return when_true && when_false ? std::optional(*when_true + *when_false) : std::nullopt;
}

/// What one pass over the report gathers.
struct Pass {
  std::string_view name;
  std::optional<Time> written = {};
  CoverageTally tally = {};
  std::string package = {};
  std::string file = {};            ///< that is open
  bool is_of_tests = false;         ///< the code of the tests is none that they cover
  std::vector<bool> elements = {};  ///< that are open: whether it is the project

  void metrics(const XmlAttributes& attributes) {
    const auto covered = attributes.number("coveredstatements");
    const auto all = attributes.number("statements");
    if (covered && all) tally.claim = LineCount{.covered = *covered, .valid = *all};
  }

  void open_file(const XmlAttributes& attributes) {
    const auto path = attributes.find("path").value_or("");
    const auto own = path.empty() ? attributes.find("name").value_or("") : path;
    if (own.size() + package.size() > kMaxPath) broken(name, "a file has a name of more than 4096 bytes");
    file = own.empty() ? std::string{} : source_path(path.empty() ? package : std::string{}, own);
  }

  void line(const XmlAttributes& attributes) {
    if (attributes.find("type") == "method") return;
    const auto at = attributes.number("num");
    const auto hits = hits_of(attributes);
    if (!at || *at > LineHits::kMaxLine) broken(name, "a line has no number");
    if (!hits) broken(name, "a line has no number of hits");
    if (file.empty()) broken(name, "a line belongs to no file with a name");
    tally.add(file, static_cast<std::uint32_t>(*at), *hits > 0);
  }

  void begin(const std::string& element, const XmlAttributes& attributes) {
    if (element != "coverage") broken(name, "not Clover: its root is '" + printable(element, 60) + "'");
    written = parse_stamp(attributes.find("generated").value_or(""));
  }

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1) begin(element, attributes);
    const bool is_in_project = !elements.empty() && elements.back();
    elements.push_back(element == "project");
    is_of_tests = is_of_tests || element == "testproject";
    if (is_of_tests) return;
    if (element == "metrics" && is_in_project) metrics(attributes);
    if (element == "package") package = attributes.find("name").value_or("");
    if (element == "file") open_file(attributes);
    if (element == "line") line(attributes);
  }

  void end(const std::string& element) {
    elements.pop_back();
    if (element == "package") package.clear();
    if (element == "file") file.clear();
    is_of_tests = is_of_tests && element != "testproject";
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { pass.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { pass.end(element); }});
  pass.tally.claimed_by = "project's metrics";
  return {.reading = weigh_coverage(std::move(pass.tally), name), .written = pass.written};
}

bool recognises(std::string_view head) {
  const auto root = xml_beginning(head);
  return root.name == "coverage" && (root.has("clover") || root.has("generated"));
}

}  // namespace

extern const Format clover{.id = "clover", .kind = ReportKind::coverage, .recognises = recognises, .read = read};

}  // namespace baton::precheck
