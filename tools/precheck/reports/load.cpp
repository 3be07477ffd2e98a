// A report without a request, or without a percentile, proves nothing.
#include "tools/precheck/reports/load.h"

#include "common/core/error.h"

namespace baton::precheck {
namespace {

constexpr double kMostRequests = 1e15;  ///< more than any test can have made

std::optional<P95> p95_of(const LoadReport& report) {
  if (report.p95_ms) return P95{.ms = *report.p95_ms, .basis = report.basis};
  if (report.p99_ms) return P95{.ms = *report.p99_ms, .basis = P95::Basis::bound};
  return std::nullopt;
}

}  // namespace

LoadResults weigh_load(LoadReport report, std::string_view name) {
  const std::string begin = std::string(name) + ": ";
  LoadResults results{.crossed = std::move(report.crossed)};
  if (!report.requests || *report.requests < 1 || *report.requests > kMostRequests) {
    results.doubts.push_back(begin + "it counts no request");
    return results;
  }
  results.requests = static_cast<long long>(*report.requests);
  results.p95 = p95_of(report);
  if (!results.p95) results.doubts.push_back(begin + "it tells neither P95 nor P99");
  if (!report.failed) {
    results.silent = std::string(name);
    return results;
  }
  if (*report.failed < 0 || *report.failed > *report.requests)
    throw Error(ExitCode::unknown, begin + "more requests failed than were made", "Build the report again.");
  results.failed_share = *report.failed / *report.requests;
  return results;
}

}  // namespace baton::precheck
