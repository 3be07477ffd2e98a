// Requests by the second: shown, not judged.
#include "common/judge/metric.h"

namespace baton::judge {
namespace {

std::string query(const QueryTerms& terms) { return requests_grown(terms, "rate"); }

}  // namespace

constinit const Metric kRequestRate{.id = "request_rate",
                                    .heading = "Request Rate",
                                    .unit = {.symbol = "requests/s"},
                                    .query = query,
                                    .own = "sum(QUERY)",
                                    .fold = Fold::request_rate,
                                    .baseline = BaselineKind::mean};

}  // namespace baton::judge
