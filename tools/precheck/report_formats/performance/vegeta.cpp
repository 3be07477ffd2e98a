// vegeta's JSON report: times in nanoseconds.
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json.h"
#include "tools/precheck/reports/load.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

constexpr double kNanosecondsOfOne = 1e6;

std::optional<double> milliseconds(const JsonScalar& value) {
  const auto number = value.number();
  return number && *number >= 0 ? std::optional(*number / kNanosecondsOfOne) : std::nullopt;
}

ReadReport read(std::istream& bytes, std::string_view name) {
  LoadReport report;
  std::optional<double> success;
  std::optional<Time> ended;
  parse_json_events(bytes, name, JsonDocuments::one, {.value = [&](const JsonPath& at, const JsonScalar& value) {
                      if (at.is({"latencies", "95th"})) report.p95_ms = milliseconds(value);
                      if (at.is({"latencies", "99th"})) report.p99_ms = milliseconds(value);
                      if (at.is({"requests"})) report.requests = value.number();
                      if (at.is({"success"})) success = value.number();
                      if (at.is({"end"})) ended = parse_stamp(value.text);
                    }});
  if (success && report.requests) report.failed = (1 - *success) * *report.requests;
  return {.reading = weigh_load(std::move(report), name), .written = ended};
}

}  // namespace

extern const Format vegeta{
    .id = "vegeta",
    .kind = ReportKind::performance,
    .recognises = [](std::string_view head) { return json_keys(head).contains("latencies/95th"); },
    .read = read};

}  // namespace baton::precheck
