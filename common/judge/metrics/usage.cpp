// CPU and memory of the pods, in percent of what they may have.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "common/judge/metric.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

/// Where the kubelet cannot tell containers apart it still tells pods: their rows name neither container nor image.
constexpr std::array<std::string_view, 2> kResourceRows = {R"(container!="",container!="POD")",
                                                           R"(container="",image="")"};

/// The query over the first kind of rows that is there.
template <typename Build>
std::string over_resource_rows(const std::string& selector, Build build) {
  std::vector<std::string> queries;
  for (const auto rows : kResourceRows) queries.push_back("(" + build(fmt::format("{},{}", selector, rows)) + ")");
  return join(queries, " or ");
}

/// Of the limit, else of the request, else of the node.
std::string cpu_query(const QueryTerms& terms) {
  return over_resource_rows(terms.selector, [&](const std::string& in) {
    const auto used =
        fmt::format("sum by (pod) (rate(container_cpu_usage_seconds_total{{{}}}[{}]))", in, terms.resource_window);
    // A container without a CPU request still gets 2 shares: that is no request.
    return fmt::format(
        "100 * {0} / (sum by (pod) (container_spec_cpu_quota{{{1}}} / container_spec_cpu_period{{{1}}}) "
        "or sum by (pod) ((container_spec_cpu_shares{{{1}}} > 2) / 1024) or 0 * {0} + scalar(max(machine_cpu_cores)))",
        used, in);
  });
}

/// Of the limit, else of the node.
std::string memory_query(const QueryTerms& terms) {
  return over_resource_rows(terms.selector, [](const std::string& in) {
    const auto used = fmt::format("sum by (pod) (container_memory_working_set_bytes{{{}}})", in);
    return fmt::format(
        "100 * {0} / (sum by (pod) (container_spec_memory_limit_bytes{{{1}}} > 0) or 0 * {0} + "
        "scalar(max(machine_memory_bytes)))",
        used, in);
  });
}

/// The mean over the pods; a critical limit also when half the pods are over it (decisions 33).
Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& newest = input.points.back();
  const auto& pods = newest.of(rule.metric);
  const auto mean = value_at(rule.metric, newest, {});
  if (!mean) return {.why = "no sample from the pods' containers"};
  const auto over = std::ranges::count_if(pods, [&](const auto& pod) { return pod.second > threshold; });
  const bool half = rule.severity == Severity::critical && 2 * over >= std::ssize(pods);
  return {.truth = *mean > threshold || half ? Truth::yes : Truth::no, .observed = *mean};
}

}  // namespace

extern constinit const Metric kCpu{.id = "cpu",
                                   .heading = "CPU",
                                   .unit = {.symbol = "%"},
                                   .query = cpu_query,
                                   .own = "max by (pod) (QUERY)",
                                   .fold = Fold::by_pod,
                                   .baseline = BaselineKind::mean,
                                   .evaluate = evaluate,
                                   .critical = {.sop = "3", .title = "CPU, rollback limit"},
                                   .warning = {.sop = "3a.4", .title = "CPU usage"}};

extern constinit const Metric kMemory{.id = "memory",
                                      .heading = "Memory",
                                      .unit = {.symbol = "%"},
                                      .query = memory_query,
                                      .own = "max by (pod) (QUERY)",
                                      .fold = Fold::by_pod,
                                      .baseline = BaselineKind::mean,
                                      .evaluate = evaluate,
                                      .critical = {.sop = "3", .title = "Memory, rollback limit"},
                                      .warning = {.sop = "3a.4", .title = "Memory usage"}};

}  // namespace baton::judge
