// JMeter's sample log as XML: samples, with those that they are made of within them.
#include <charconv>
#include <vector>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/latencies.h"
#include "tools/precheck/reports/load.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

// What JMeter writes of a transaction. Of any other sample the inner ones are its redirects and what its page loads.
constexpr std::string_view kTransaction = "Number of samples in transaction";

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + what, "Name JMeter's .jtl file, and build it again.");
}

bool is_sample(const std::string& element) { return element == "httpSample" || element == "sample"; }

struct Sample {
  std::uint64_t ms = 0;
  bool has_failed = false;
  bool is_transaction = false;
  bool has_inner = false;  ///< samples within it
};

/// What one pass over the log gathers.
struct Pass {
  std::string_view name;
  Latencies latencies = {};
  double failed = 0;
  std::optional<Time> last = {};
  std::vector<Sample> open = {};  ///< samples, the innermost last
  int counted = 0;                ///< of those that are open how many are requests, with all that is in them

  Sample sample_of(const XmlAttributes& attributes) const {
    const auto ms = attributes.number("t");
    const auto success = attributes.find("s").value_or("");
    if (!ms) broken(name, "a sample does not tell how long it took");
    if (success != "true" && success != "false") broken(name, "a sample does not tell whether it succeeded");
    constexpr double kMost = 1e15;
    return {.ms = static_cast<std::uint64_t>(std::min(*ms, kMost)),
            .has_failed = success == "false",
            .is_transaction = attributes.find("rm").value_or("").starts_with(kTransaction)};
  }

  void begin(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1 && element != "testResults")
      broken(name, "not JMeter's samples: its root is '" + printable(element, 60) + "'");
    if (!is_sample(element)) return;
    if (!open.empty()) open.back().has_inner = true;
    open.push_back(sample_of(attributes));
    if (!open.back().is_transaction) ++counted;
    if (const auto stamp = parse_stamp(attributes.find("ts").value_or(""))) last = stamp;
  }

  void end(const std::string& element) {
    if (!is_sample(element)) return;
    const auto sample = open.back();
    open.pop_back();
    if (!sample.is_transaction) --counted;
    if (counted > 0 || (sample.is_transaction && sample.has_inner)) return;
    latencies.add(sample.ms);
    if (sample.has_failed) ++failed;
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { pass.begin(element, attributes, depth); },
             .end = [&](const std::string& element, int) { pass.end(element); }});
  return {.reading = weigh_load({.p95_ms = pass.latencies.percentile(95),
                                 .basis = P95::Basis::computed,
                                 .requests = static_cast<double>(pass.latencies.count()),
                                 .failed = pass.failed},
                                name),
          .written = pass.last};
}

}  // namespace

extern const Format jmeter_xml{.id = "jmeter-xml",
                               .kind = ReportKind::performance,
                               .recognises = [](std::string_view head) { return xml_root(head) == "testResults"; },
                               .read = read};

}  // namespace baton::precheck
