// k6's summaries, in all three dialects: --summary-export, handleSummary(), and the machine-readable one.
#include <algorithm>
#include <array>
#include <set>

#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json.h"
#include "tools/precheck/reports/load.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kDuration = "http_req_duration";
constexpr std::string_view kRequests = "http_reqs";
constexpr std::string_view kFailed = "http_req_failed";
// Of one of these every summary tells, also one without a request.
constexpr std::array<std::string_view, 9> kMarks = {
    "metrics/iterations",    "metrics/iteration_duration", "metrics/vus",
    "metrics/data_received", "metrics/data_sent",          "metrics/http_reqs",
    "root_group/groups",     "metadata/k6Version",         "metadata/k6_version"};

/// The metrics that count, as any dialect says them.
struct Pass {
  LoadReport report = {};
  std::optional<double> failed_rate = {};
  std::optional<Time> written = {};
  std::string metric = {};  ///< the machine-readable summary has a list of metrics, and the names stand within
  LoadReport item = {};
  std::optional<double> item_rate = {};

  static void note(std::string_view key, const JsonScalar& value, LoadReport& report, std::optional<double>& rate) {
    if (key == "p(95)") report.p95_ms = value.number();
    if (key == "p(99)") report.p99_ms = value.number();
    if (key == "count") report.requests = value.number();
    if (key == "rate" || key == "value") rate = value.number();
  }

  void assign(std::string_view name, const LoadReport& of, const std::optional<double>& rate) {
    if (name == kDuration && of.p95_ms) report.p95_ms = of.p95_ms;
    if (name == kDuration && of.p99_ms) report.p99_ms = of.p99_ms;
    if (name == kRequests && of.requests) report.requests = of.requests;
    if (name == kFailed && rate) failed_rate = rate;
  }

  /// An exported summary says true of a threshold that was crossed; the other one says of each whether it is ok.
  void threshold(const JsonPath& at, const JsonScalar& value) {
    const bool is_exported = at.depth() == 4;
    const bool is_judgement = value.kind == JsonScalar::Kind::boolean && (is_exported || at.at(at.depth() - 1) == "ok");
    if (is_judgement && value.is_true() == is_exported)
      keep_few(report.crossed, printable(at.at(1) + " " + at.at(3), 120));
  }

  /// "metrics/NAME/KEY" or "metrics/NAME/values/KEY".
  void named_metric(const JsonPath& at, const JsonScalar& value) {
    if (at.depth() >= 4 && at.at(2) == "thresholds") return threshold(at, value);
    const bool is_value = at.depth() == 3 || (at.depth() == 4 && at.at(2) == "values");
    if (!is_value) return;
    LoadReport one;
    std::optional<double> rate;
    note(at.at(at.depth() - 1), value, one, rate);
    assign(at.at(1), one, rate);
  }

  /// "results/metrics/0/name" and "results/metrics/0/values/KEY".
  void listed_metric(const JsonPath& at, const JsonScalar& value) {
    if (at.depth() == 4 && at.at(3) == "name") metric = value.text;
    if (at.depth() == 5 && at.at(3) == "values") note(at.at(4), value, item, item_rate);
  }

  void value(const JsonPath& at, const JsonScalar& value) {
    if (at.begins({"metrics"})) named_metric(at, value);
    if (at.begins({"results", "metrics"})) listed_metric(at, value);
    if (at.is({"metadata", "generatedAt"}) || at.is({"metadata", "generated_at"})) written = parse_stamp(value.text);
  }

  void end(const JsonPath& at) {
    if (at.depth() != 3 || !at.begins({"results", "metrics"})) return;
    assign(metric, item, item_rate);
    metric.clear();
    item = {};
    item_rate.reset();
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass;
  parse_json_events(bytes, name, JsonDocuments::one,
                    {.value = [&](const JsonPath& at, const JsonScalar& value) { pass.value(at, value); },
                     .end = [&](const JsonPath& at) { pass.end(at); }});
  auto& report = pass.report;
  if (pass.failed_rate && report.requests) report.failed = *pass.failed_rate * *report.requests;
  return {.reading = weigh_load(std::move(report), name), .written = pass.written};
}

bool recognises(std::string_view head) {
  const auto keys = json_keys(head);
  return std::ranges::any_of(kMarks, [&](std::string_view mark) { return keys.contains(std::string(mark)); });
}

}  // namespace

extern const Format k6{.id = "k6", .kind = ReportKind::performance, .recognises = recognises, .read = read};

}  // namespace baton::precheck
