// Query templates: ratios and quantiles are built from rates of counters, never from single samples.
#include "common/judge/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"

namespace baton::judge {
namespace {

/// Where the kubelet cannot tell containers apart it still tells pods: their rows name neither container nor image.
constexpr std::array<std::string_view, 2> kResourceRows = {R"(container!="",container!="POD")",
                                                           R"(container="",image="")"};

std::string escape_regex(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    // Pod names hold letters, digits, '-' and '.'; inside a PromQL string the backslash itself is escaped.
    if (c == '.') escaped += "\\\\";
    escaped += c;
  }
  return escaped;
}

std::string pods_regex(const Scope& scope) {
  if (scope.pods.empty()) return escape_regex(scope.deployment) + "-.*";
  std::vector<std::string> names;
  for (const auto& pod : scope.pods) names.push_back(escape_regex(pod));
  return join(names, "|");
}

std::string selector_for(const Config& config, const Scope& scope, Duration window) {
  return fill_placeholders(config.metrics().selector, [&](std::string_view name) -> std::optional<std::string> {
    const std::pair<std::string_view, std::string> known[] = {
        {"app", scope.app},
        {"namespace", scope.namespace_},
        {"colour", scope.colour},
        {"version", scope.version},
        {"semver", scope.version.starts_with('v') ? scope.version.substr(1) : scope.version},
        {"deployment", scope.deployment},
        {"pods", pods_regex(scope)},
        {"window", to_text(window)},
        {"step", to_text(config.watch().step)},
    };
    for (const auto& [key, value] : known) {
      if (key == name) return value;
    }
    return std::nullopt;
  });
}

std::string cpu_share(const std::string& in, const std::string& window) {
  const auto used = fmt::format("sum by (pod) (rate(container_cpu_usage_seconds_total{{{}}}[{}]))", in, window);
  // A container without a CPU request still gets 2 shares: that is no request.
  return fmt::format(
      "100 * {0} / (sum by (pod) (container_spec_cpu_quota{{{1}}} / container_spec_cpu_period{{{1}}}) "
      "or sum by (pod) ((container_spec_cpu_shares{{{1}}} > 2) / 1024) or 0 * {0} + scalar(max(machine_cpu_cores)))",
      used, in);
}

std::string memory_share(const std::string& in) {
  const auto used = fmt::format("sum by (pod) (container_memory_working_set_bytes{{{}}})", in);
  return fmt::format(
      "100 * {0} / (sum by (pod) (container_spec_memory_limit_bytes{{{1}}} > 0) or 0 * {0} + "
      "scalar(max(machine_memory_bytes)))",
      used, in);
}

/// The query over the first kind of rows that is there.
template <typename Build>
std::string over_resource_rows(const std::string& in, Build build) {
  std::vector<std::string> queries;
  for (const auto rows : kResourceRows) queries.push_back("(" + build(fmt::format("{},{}", in, rows)) + ")");
  return join(queries, " or ");
}

}  // namespace

Duration rate_window(const Config& config) {
  return std::max<Duration>(4 * config.watch().step, std::chrono::seconds(20));
}

Queries queries_for(const Config& config, const Scope& scope, Duration window) {
  const auto in = selector_for(config, scope, window);
  const auto stretch = to_text(window);
  const auto resource_stretch = to_text(std::max<Duration>(window, std::chrono::minutes(1)));
  return {
      .requests = fmt::format("sum by (pod) (http_requests_total{{{}}})", in),
      .errors = fmt::format("sum by (pod) (http_requests_total{{{},status=~\"5..\"}})", in),
      .latency_p95 = fmt::format(
          "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{{{}}}[{}])))", in, stretch),
      .request_rate = fmt::format("sum(rate(http_requests_total{{{}}}[{}]))", in, stretch),
      .cpu = over_resource_rows(in, [&](const std::string& rows) { return cpu_share(rows, resource_stretch); }),
      .memory = over_resource_rows(in, memory_share),
  };
}

}  // namespace baton::judge
