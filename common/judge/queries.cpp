// Query templates: ratios and quantiles are built from rates of counters, never from single samples.
#include "common/judge/queries.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"

namespace baton::judge {
namespace {

std::string escape_regex(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    // Pod names hold letters, digits, '-' and '.'; inside a PromQL string the backslash itself is escaped.
    if (c == '.') escaped += "\\\\";
    escaped += c;
  }
  return escaped;
}

std::string pods_term(const Scope& scope, PodNames pods) {
  if (pods == PodNames::left_open) return "{{pods}}";
  return scope.pods.empty() ? escape_regex(scope.deployment) + "-.*" : pods_regex(scope.pods);
}

}  // namespace

Duration rate_window(const Config& config) {
  return std::max<Duration>(4 * config.watch().step, std::chrono::seconds(20));
}

std::string pods_regex(std::span<const std::string> pods) {
  std::vector<std::string> names;
  std::ranges::transform(pods, std::back_inserter(names), escape_regex);
  return join(names, "|");
}

std::string selector_for(const Config& config, const Scope& scope, Duration window, PodNames pods) {
  return fill_placeholders(config.metrics().selector, [&](std::string_view name) -> std::optional<std::string> {
    const std::pair<std::string_view, std::string> known[] = {
        {"app", scope.app},
        {"namespace", scope.namespace_},
        {"colour", scope.colour},
        {"version", scope.version},
        {"semver", scope.version.starts_with('v') ? scope.version.substr(1) : scope.version},
        {"deployment", scope.deployment},
        {"pods", pods_term(scope, pods)},
        {"window", to_text(window)},
        {"step", to_text(config.watch().step)},
    };
    for (const auto& [key, value] : known) {
      if (key == name) return value;
    }
    return std::nullopt;
  });
}

QueryTerms terms_for(const Config& config, const Scope& scope, const std::optional<RequestSource>& source,
                     Duration window, PodNames pods) {
  return {.source = source.value_or(RequestSource{}),
          .selector = selector_for(config, scope, window, pods),
          .window = to_text(window),
          .resource_window = to_text(std::max<Duration>(window, std::chrono::minutes(1)))};
}

std::string series_of(const QueryTerms& terms, std::string_view name, std::string_view matchers) {
  std::string all = terms.selector;
  for (const std::string_view more : {std::string_view(terms.source.only), matchers}) {
    if (!more.empty()) all += "," + std::string(more);
  }
  return fmt::format("{}{{{}}}", name, all);
}

namespace {

std::string counted(const QueryTerms& terms, const std::string& ended) {
  const auto& source = terms.source;
  if (source.counter.empty()) return "";
  return fmt::format("sum by (pod) ({})", series_of(terms, source.counter, source.status + ended));
}

}  // namespace

std::string requests_query(const QueryTerms& terms) { return counted(terms, R"(!="")"); }

std::string errors_query(const QueryTerms& terms) { return counted(terms, "=~\"" + terms.source.failed + "\""); }

}  // namespace baton::judge
