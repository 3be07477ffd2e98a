// Requests by the second: shown, not judged.
#include <fmt/format.h>

#include "common/judge/metric.h"

namespace baton::judge {
namespace {

std::string query(const QueryTerms& terms) {
  if (terms.source.counter.empty()) return "";
  return fmt::format("sum(rate({}[{}]))", series_of(terms, terms.source.counter), terms.window);
}

}  // namespace

constinit const Metric kRequestRate{.id = "request_rate",
                                    .heading = "Request Rate",
                                    .unit = {.symbol = "requests/s"},
                                    .query = query,
                                    .fold = Fold::request_rate,
                                    .baseline = BaselineKind::mean};

}  // namespace baton::judge
