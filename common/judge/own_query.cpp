// Own queries in place of found ones.
#include "common/judge/own_query.h"

#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "common/judge/scrapes.h"

namespace baton::judge {
namespace {

/// What differs from one colour to the other.
constexpr std::array<std::string_view, 5> kOfOneColour = {"{{pods}}", "{{deployment}}", "{{colour}}", "{{version}}",
                                                          "{{semver}}"};

bool names_a_colour(std::string_view promql) {
  return std::ranges::any_of(kOfOneColour,
                             [&](std::string_view name) { return promql.find(name) != std::string_view::npos; });
}

}  // namespace

bool is_single(const Metric& metric, const OwnQueries& own) {
  const auto query = own.find(metric.id);
  return query != own.end() && query->second.parts.contains("");
}

std::string query_of(const Metric& metric, const QueryTerms& colour) {
  const auto terms = metric.is_of_all ? colour.of_all() : colour;
  if (const auto own = terms.own_part(metric.id, ""); !own.empty()) return replace_all(metric.own, "QUERY", own);
  return metric.query == nullptr ? "" : metric.query(terms);
}

std::string reading_of(const Metric& metric, const QueryTerms& terms) {
  const bool is_number = metric.reading == nullptr || is_single(metric, terms.own);
  return is_number ? query_of(metric, terms) : metric.reading(terms);
}

std::string sampled_of(const Metric& metric, const QueryTerms& terms) {
  const bool is_own = metric.sampled == nullptr || !terms.own_part(metric.id, "").empty();
  return is_own ? reading_of(metric, terms) : metric.sampled(terms);
}

std::string fresh_reading_of(const Metric& metric, const QueryTerms& terms, Duration max_age) {
  const auto query = reading_of(metric, terms);
  if (query.empty()) return "";
  const auto by_pod = is_single(metric, terms.own) ? FreshBy::pod_or_none : FreshBy::pod;
  return fresh_query(query, sampled_of(metric, terms), max_age, metric.fold == Fold::by_pod ? by_pod : FreshBy::any);
}

bool is_asked_for(const Metric& metric, const OwnQueries& own) {
  return metric.query != nullptr || own.contains(metric.id);
}

std::string why_it_only_warns(const Metric& metric, const OwnQueries& own) {
  const auto query = own.find(metric.id);
  const bool may_roll_back = std::ranges::any_of(
      metric.rules, [](const RuleRow& row) { return row.evaluate != nullptr && row.severity == Severity::critical; });
  if (!may_roll_back || query == own.end()) return "";
  const auto setting = "watch.metrics." + std::string(metric.id);
  if (metric.judged_by_counts && is_single(metric, own)) return setting + " only warns: there are no counts behind it";
  const bool tells_colours =
      std::ranges::all_of(query->second.parts, [](const auto& part) { return names_a_colour(part.second); });
  return tells_colours ? "" : setting + " only warns: without {{pods}} it cannot tell the colours apart";
}

std::optional<RequestSource> source_beside(const OwnQueries& own, const SourceLookup& found) {
  return found.source || !own.contains(kErrorRate.id) ? found.source : found.durations;
}

Json to_json(const OwnQueries& own) {
  Json json = Json::object();
  for (const auto& [metric, query] : own) {
    Json& parts = json[metric] = Json::object();
    for (const auto& [part, promql] : query.parts) parts[part.empty() ? "query" : part] = promql;
  }
  return json;
}

OwnQueries own_queries_from(const Json& json) {
  OwnQueries own;
  for (const auto& [metric, parts] : json.members_or_none()) {
    for (const auto& [part, promql] : parts.members())
      own[metric].parts.emplace(part == "query" ? "" : part, promql.string());
  }
  return own;
}

}  // namespace baton::judge
