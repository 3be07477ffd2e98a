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

/// What a pod may use that has no limit: what its node gives to pods, where somebody says which node that is; else the
/// smallest node's, else all that the kubelet's machine has.
std::string allocatable(const QueryTerms& terms, const std::string& used, std::string_view resource,
                        std::string_view machine) {
  return fmt::format(
      "max by (pod) (kube_pod_info{{{0}}} * on (node) group_left () "
      "max by (node) (kube_node_status_allocatable{{resource=\"{1}\"}})) "
      "or 0 * {2} + scalar(min(kube_node_status_allocatable{{resource=\"{1}\"}}) or max({3}))",
      terms.selector, resource, used, machine);
}

/// Of the limit, else of what the node gives (decisions 33): a request is no ceiling.
std::string cpu_query(const QueryTerms& terms) {
  return over_resource_rows(terms.selector, [&](const std::string& in) {
    const auto used =
        fmt::format("sum by (pod) (rate(container_cpu_usage_seconds_total{{{}}}[{}]))", in, terms.resource_window);
    return fmt::format(
        "100 * {0} / (sum by (pod) (container_spec_cpu_quota{{{1}}} / container_spec_cpu_period{{{1}}}) or {2})", used,
        in, allocatable(terms, used, "cpu", "machine_cpu_cores"));
  });
}

std::string memory_query(const QueryTerms& terms) {
  return over_resource_rows(terms.selector, [&](const std::string& in) {
    const auto used = fmt::format("sum by (pod) (container_memory_working_set_bytes{{{}}})", in);
    return fmt::format("100 * {0} / (sum by (pod) (container_spec_memory_limit_bytes{{{1}}} > 0) or {2})", used, in,
                       allocatable(terms, used, "memory", "machine_memory_bytes"));
  });
}

/// What is used alone: who says how much there is may be scraped by somebody else, and more rarely.
std::string cpu_sampled(const QueryTerms& terms) {
  return over_resource_rows(terms.selector,
                            [](const auto& in) { return "container_cpu_usage_seconds_total{" + in + "}"; });
}

std::string memory_sampled(const QueryTerms& terms) {
  return over_resource_rows(terms.selector,
                            [](const auto& in) { return "container_memory_working_set_bytes{" + in + "}"; });
}

constexpr double kMorePoints = 10;      // over the old colour (decisions 33)
constexpr double kMoreOfATrend = 15;    // likewise
constexpr double kOverThePeak = 3;      // over the old colour's highest, and what it held: where a saw-tooth turns
constexpr std::size_t kFewestPods = 3;  // of which half may stand for all
constexpr Duration kStarting = std::chrono::minutes(10);
constexpr Duration kTrend = std::chrono::minutes(10);

/// A service that always ran as hot, all the time or for five minutes now and then, is made no worse by the release.
/// `load` is how many times as much comes in by now.
double over_the_old(double threshold, const Metric& metric, const RuleInput& input, double load) {
  const auto* before = input.criteria.baseline.find(metric);
  if (before == nullptr) return threshold;
  const double held = before->held ? load * *before->held + kOverThePeak : 0;
  return std::max({threshold, load * *before->value + kMorePoints, held});
}

/// How much more comes in than before the switch; 1 where that is not known.
double more_load(const RuleInput& input) {
  const auto* rate = input.criteria.baseline.find(kRequestRate);
  if (rate == nullptr || *rate->value <= 0) return 1;
  double requests = 0;
  double seconds = 0;
  for (auto point = input.points.rbegin(); point != input.points.rend(); ++point) {
    if (input.points.back().time - point->time >= kTrend / 2) break;
    if (!point->counts) continue;
    requests += point->counts->requests;
    seconds += std::chrono::duration<double>(input.criteria.config.watch().step).count();
  }
  return seconds > 0 ? std::max(1.0, requests / seconds / *rate->value) : 1;
}

/// The mean over the pods, at the load there is, and not while they start: compilers and caches warm up.
Evaluation evaluate_cpu(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& newest = input.points.back();
  const auto mean = value_at(rule.metric, newest, {});
  if (!mean) return {.why = "no sample from the pods' containers"};
  const auto& since = input.criteria.since;
  if (since && newest.time - *since < kStarting) return {.truth = Truth::no, .observed = *mean};
  const bool is_over = *mean > threshold && *mean > over_the_old(threshold, rule.metric, input, more_load(input));
  return {.truth = is_over ? Truth::yes : Truth::no, .observed = *mean};
}

/// The mean over the pods; a critical limit also when half of several pods are over it.
Evaluation evaluate_memory(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& newest = input.points.back();
  const auto* pods = newest.find(rule.metric);
  if (pods == nullptr || !pods->value) return {.why = "no sample from the pods' containers"};
  const double limit = over_the_old(threshold, rule.metric, input, 1);
  const bool half = rule.is_critical() && pods->pods >= kFewestPods && pods->upper_half > limit;
  return {.truth = *pods->value > limit || half ? Truth::yes : Truth::no, .observed = *pods->value};
}

/// Least squares: what the line through the points says of `at`, in seconds behind the newest. Nothing: too few.
std::optional<double> line_at(std::span<const Point> points, const Metric& metric, Duration reach, Duration at) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  const Time end = points.back().time;
  for (auto point = points.rbegin(); point != points.rend() && end - point->time <= reach; ++point) {
    const auto value = value_at(metric, *point, {});
    if (!value) continue;
    const double seconds = std::chrono::duration<double>(point->time - end).count();
    n += 1, x += seconds, y += *value, xx += seconds * seconds, xy += seconds * *value;
  }
  const double spread = n * xx - x * x;
  if (spread <= 0) return std::nullopt;
  const double slope = (n * xy - x * y) / spread;
  return (y - slope * x) / n + slope * std::chrono::duration<double>(at).count();
}

bool has_whole_trend(const RuleInput& input, const Metric& metric) {
  const Time end = input.points.back().time;
  const auto first = std::ranges::find_if(
      input.points, [&](const Point& point) { return end - point.time <= kTrend && value_at(metric, point, {}); });
  return first != input.points.end() && end - first->time + input.criteria.config.watch().step > kTrend;
}

/// A leak that kills the pods before any limit is held for its five minutes.
Evaluation evaluate_trend(const Rule& rule, const RuleInput& input, double) {
  const auto mean = value_at(rule.metric, input.points.back(), {});
  if (!mean) return {.why = "no sample from the pods' containers"};
  const auto* known = input.criteria.baseline.find(rule.metric);
  const bool is_higher =
      known == nullptr || (*mean >= *known->value + kMoreOfATrend && *mean >= known->peak.value_or(0) + kOverThePeak);
  if (!is_higher || !has_whole_trend(input, rule.metric)) return {.truth = Truth::no, .observed = *mean};
  const auto ahead = line_at(input.points, rule.metric, kTrend, kTrend);
  return {.truth = ahead && *ahead >= 100 ? Truth::yes : Truth::no, .observed = *mean};
}

}  // namespace

extern constinit const Metric kCpu{
    .id = "cpu",
    .heading = "CPU",
    .unit = {.symbol = "%"},
    .query = cpu_query,
    .sampled = cpu_sampled,
    .own = "max by (pod) (QUERY)",
    .fold = Fold::by_pod,
    .baseline = BaselineKind::mean,
    .rules = {{{.name = "critical",
                .severity = Severity::critical,
                .sop = "3",
                .title = "CPU, rollback limit",
                .evaluate = evaluate_cpu},
               {.name = "warning", .sop = "3a.4", .title = "CPU usage", .evaluate = evaluate_cpu}}}};

extern constinit const Metric kMemory{
    .id = "memory",
    .heading = "Memory",
    .unit = {.symbol = "%"},
    .query = memory_query,
    .sampled = memory_sampled,
    .own = "max by (pod) (QUERY)",
    .fold = Fold::by_pod,
    .baseline = BaselineKind::mean,
    .history = kTrend,
    .rules = {{{.name = "critical",
                .severity = Severity::critical,
                .sop = "3",
                .title = "Memory, rollback limit",
                .evaluate = evaluate_memory},
               {.name = "trend",
                .severity = Severity::critical,
                .sop = "3",
                .title = "Memory, a leak that fills it",
                .sustained = Sustained::at_once,
                .evaluate = evaluate_trend,
                .expected = "no rise that meets 100 % within ten minutes"},
               {.name = "warning", .sop = "3a.4", .title = "Memory usage", .evaluate = evaluate_memory}}}};

}  // namespace baton::judge
