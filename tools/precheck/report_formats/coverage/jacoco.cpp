// JaCoCo XML: lines by what of their bytecode ran.
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
  throw Error(ExitCode::unknown, std::string(name) + ": " + what, "Name JaCoCo's XML report, and build it again.");
}

/// What one pass over the report gathers.
struct Pass {
  std::string_view name;
  std::optional<Time> written = {};
  CoverageTally tally = {};
  LineCount of_report = {};
  LineCount of_packages = {};  ///< together; partial reports have no sum of their own
  bool has_report_sum = false;
  bool has_package_sum = false;
  std::vector<std::string> open = {};    ///< elements, the innermost last
  std::vector<std::string> folder = {};  ///< of the groups and the package that are open
  std::string file = {};                 ///< of the sourcefile that is open

  void counter(const XmlAttributes& attributes) {
    const bool is_of_report = open.size() == 1;
    if (attributes.find("type") != "LINE" || (!is_of_report && open.back() != "package")) return;
    const auto covered = attributes.number("covered");
    const auto missed = attributes.number("missed");
    if (!covered || !missed) broken(name, "a counter of lines has no numbers");
    auto& sum = is_of_report ? of_report : of_packages;
    (is_of_report ? has_report_sum : has_package_sum) = true;
    sum.covered += *covered;
    sum.valid += *covered + *missed;
  }

  void line(const XmlAttributes& attributes) {
    const auto at = attributes.number("nr");
    const auto ran = attributes.number("ci");
    // gcovr names the lines and leaves out what of them ran: its counters have to stand alone.
    if (!attributes.find("ci") && !attributes.find("mi")) return;
    if (!at || *at > LineHits::kMaxLine) broken(name, "a line has no number");
    if (!ran) broken(name, "a line does not tell what of it ran");
    if (file.empty()) broken(name, "a line belongs to no source file");
    tally.add(file, static_cast<std::uint32_t>(*at), *ran > 0);
  }

  void enter(const XmlAttributes& attributes) { folder.emplace_back(attributes.find("name").value_or("")); }

  /// Two modules may have the same package and file.
  void open_file(const XmlAttributes& attributes) {
    file.clear();
    for (const auto& part : folder) file += part + "/";
    const auto own = attributes.find("name").value_or("");
    if (file.size() + own.size() > kMaxPath) broken(name, "a source file has a name of more than 4096 bytes");
    file = own.empty() ? std::string{} : source_path(file, own);
  }

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1 && element != "report") broken(name, "not JaCoCo: its root is '" + printable(element, 60) + "'");
    if (element == "sessioninfo") written = older(written, parse_stamp(attributes.find("dump").value_or("")));
    if (element == "group" || element == "package") enter(attributes);
    if (element == "sourcefile") open_file(attributes);
    if (element == "line") line(attributes);
    if (element == "counter") counter(attributes);
    open.push_back(element);
  }

  void end(const std::string& element) {
    open.pop_back();
    if (element == "group" || element == "package") folder.pop_back();
    if (element == "sourcefile") file.clear();
  }

  std::optional<LineCount> claim() const {
    if (has_report_sum) return of_report;
    return has_package_sum ? std::optional(of_packages) : std::nullopt;
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { pass.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { pass.end(element); }});
  pass.tally.claim = pass.claim();
  pass.tally.claimed_by = "counters";
  return {.reading = weigh_coverage(std::move(pass.tally), name), .written = pass.written};
}

}  // namespace

extern const Format jacoco{.id = "jacoco",
                           .kind = ReportKind::coverage,
                           .recognises = [](std::string_view head) { return xml_root(head) == "report"; },
                           .read = read};

}  // namespace baton::precheck
