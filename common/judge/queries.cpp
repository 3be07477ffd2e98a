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

/// What generated names are made of: no vowel, and nothing that looks like one.
constexpr std::string_view kGenerated = "[b-df-hj-np-tv-xz2-9]+";

std::string escape_regex(std::string_view name) {
  std::string escaped;
  for (const char c : name) {
    // Pod names hold letters, digits, '-' and '.'; inside a PromQL string the backslash itself is escaped.
    if (c == '.') escaped += "\\\\";
    if (c == '*') {
      escaped += kGenerated;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string pods_term(const Scope& scope, PodNames pods) {
  if (pods == PodNames::left_open) return "{{pods}}";
  return scope.pods.empty() ? escape_regex(scope.deployment) + "-.*" : pods_regex(scope.pods);
}

}  // namespace

Duration rate_window(const Config& config, std::optional<Duration> scraped_every) {
  const Duration apart = std::max(config.watch().step, scraped_every.value_or(Duration{0}));
  return std::max<Duration>(4 * apart, std::chrono::seconds(20));
}

std::string pods_regex(std::span<const std::string> pods) {
  std::vector<std::string> names;
  std::ranges::transform(pods, std::back_inserter(names), escape_regex);
  return join(names, "|");
}

namespace {

std::string fill(const std::string& text, const Config& config, const Scope& scope, Duration window, PodNames pods) {
  return fill_placeholders(text, [&](std::string_view name) -> std::optional<std::string> {
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

}  // namespace

std::string selector_for(const Config& config, const Scope& scope, Duration window, PodNames pods) {
  return fill(config.metrics().selector, config, scope, window, pods);
}

QueryTerms terms_for(const Config& config, const Scope& scope, const std::optional<RequestSource>& source,
                     Duration window, PodNames pods, const OwnQueries& own) {
  const auto filled = [&](const Scope& whose, PodNames names) {
    OwnQueries queries = own;
    for (auto& [metric, query] : queries) {
      for (auto& [part, promql] : query.parts) promql = fill(promql, config, whose, window, names);
    }
    return queries;
  };
  const Scope all = day_before(scope);
  return {.source = source.value_or(RequestSource{}),
          .selector = selector_for(config, scope, window, pods),
          .window = to_text(window),
          .resource_window = to_text(std::max<Duration>(window, std::chrono::minutes(1))),
          .step = to_text(config.watch().step),
          .own = filled(scope, pods),
          .selector_of_all = selector_for(config, all, window, PodNames::filled_in),
          .own_of_all = filled(all, PodNames::filled_in)};
}

QueryTerms QueryTerms::of_all() const {
  QueryTerms all = *this;
  all.selector = selector_of_all;
  all.own = own_of_all;
  return all;
}

std::string QueryTerms::own_part(std::string_view metric, std::string_view part) const {
  const auto query = own.find(metric);
  if (query == own.end()) return "";
  const auto promql = query->second.parts.find(part);
  return promql == query->second.parts.end() ? "" : promql->second;
}

std::string series_of(const QueryTerms& terms, std::string_view name, std::string_view matchers) {
  std::string all = terms.selector;
  for (const std::string_view more : {std::string_view(terms.source.only), matchers}) {
    if (!more.empty()) all += "," + std::string(more);
  }
  return fmt::format("{}{{{}}}", name, all);
}

namespace {

/// The counters behind all judgements on requests, and how a found one is told.
struct Counter {
  std::string_view part;  ///< of watch.metrics.error_rate
  std::string ended;      ///< what the found counter's label says
};

Counter requests_counter() { return {.part = "requests", .ended = R"(!="")"}; }

Counter errors_counter(const QueryTerms& terms) {
  return {.part = "errors", .ended = "=~\"" + terms.source.failed + "\""};
}

std::string found_series(const QueryTerms& terms, const Counter& counter) {
  const auto& source = terms.source;
  return source.counter.empty() ? "" : series_of(terms, source.counter, source.status + counter.ended);
}

std::string counted(const QueryTerms& terms, const Counter& counter) {
  if (auto own = terms.own_part("error_rate", counter.part); !own.empty()) return own;
  const auto series = found_series(terms, counter);
  return series.empty() ? "" : fmt::format("sum by (pod) ({})", series);
}

std::string grown(const QueryTerms& terms, const Counter& counter, std::string_view function) {
  if (const auto own = terms.own_part("error_rate", counter.part); !own.empty())
    return fmt::format("sum({}(({})[{}:{}]))", function, own, terms.window, terms.step);
  const auto series = found_series(terms, counter);
  return series.empty() ? "" : fmt::format("sum({}({}[{}]))", function, series, terms.window);
}

}  // namespace

std::string requests_query(const QueryTerms& terms) { return counted(terms, requests_counter()); }

std::string errors_query(const QueryTerms& terms) { return counted(terms, errors_counter(terms)); }

std::string requests_grown(const QueryTerms& terms, std::string_view function) {
  return grown(terms, requests_counter(), function);
}

std::string errors_grown(const QueryTerms& terms, std::string_view function) {
  return grown(terms, errors_counter(terms), function);
}

bool has_own_errors(const QueryTerms& terms) { return !terms.own_part("error_rate", "errors").empty(); }

double edges_per_second(const QueryTerms& terms) {
  return terms.own_part("latency_p95", "buckets").empty() ? terms.source.per_second : 1;
}

}  // namespace baton::judge
