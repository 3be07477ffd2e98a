// Selectors out of a query's text; ages and distances of samples.
#include "common/judge/scrapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "common/core/text.h"

namespace baton::judge {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

/// Behind the string that begins at `open`; of one that does not end: the end of the text.
std::size_t end_of_string(std::string_view text, std::size_t open) {
  for (std::size_t at = open + 1; at < text.size(); ++at) {
    if (text[at] == text[open]) return at + 1;
    if (text[at] == '\\' && text[open] != '`') ++at;
  }
  return text.size();
}

bool opens_string(char c) { return c == '"' || c == '\'' || c == '`'; }

/// Behind the matchers whose brace is at `open`.
std::size_t end_of_matchers(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  while (at < text.size() && text[at] != '}') at = opens_string(text[at]) ? end_of_string(text, at) : at + 1;
  return std::min(at + 1, text.size());
}

/// Where the selector begins whose brace is at `open`: at the metric's name, if it has one there.
std::size_t begin_of_selector(std::string_view text, std::size_t open) {
  constexpr std::array<std::string_view, 4> kOperators = {"and", "or", "unless", "bool"};
  std::size_t end = open;
  while (end > 0 && text[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && is_name(text[begin - 1])) --begin;
  const auto name = text.substr(begin, end - begin);
  return std::ranges::find(kOperators, name) == kOperators.end() ? begin : open;
}

}  // namespace

std::vector<std::string> selectors_in(std::string_view promql) {
  std::vector<std::string> selectors;
  for (std::size_t at = 0; at < promql.size();) {
    if (promql[at] == '{') {
      const auto begin = begin_of_selector(promql, at);
      at = end_of_matchers(promql, at);
      std::string selector(trim(promql.substr(begin, at - begin)));
      if (std::ranges::find(selectors, selector) == selectors.end()) selectors.push_back(std::move(selector));
    } else {
      at = opens_string(promql[at]) ? end_of_string(promql, at) : at + 1;
    }
  }
  return selectors;
}

namespace {

/// When what `promql` reads was sampled; empty where it names no series with braces.
std::string timestamps(std::string_view promql) {
  auto selectors = selectors_in(promql);
  for (auto& selector : selectors) selector = "timestamp(" + selector + ")";
  return join(selectors, " or ");
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// In whole seconds from one second on.
std::optional<Duration> middle_of(std::vector<Duration> stretches) {
  if (stretches.empty()) return std::nullopt;
  const auto middle = stretches.begin() + static_cast<std::ptrdiff_t>(stretches.size() / 2);
  std::ranges::nth_element(stretches, middle);
  constexpr Duration kSecond = std::chrono::seconds(1);
  return *middle < kSecond ? *middle : Duration((*middle + kSecond / 2) / kSecond * kSecond);
}

}  // namespace

std::string newest_samples_query(std::string_view promql) {
  const auto times = timestamps(promql);
  return times.empty() ? "" : fmt::format("max by (pod) ({})", times);
}

std::string stale_samples_query(std::string_view promql, Duration max_age) {
  const auto times = timestamps(promql);
  return times.empty()
             ? ""
             : fmt::format("max by (pod) ({0}) < time() - {1} or max({0}) < time() - {1}", times, seconds(max_age));
}

std::string fresh_query(const std::string& query, std::string_view sampled, Duration max_age, FreshBy by) {
  const auto times = timestamps(sampled);
  if (times.empty()) return query;
  auto of_any = fmt::format("({}) and on () (max({}) >= time() - {})", query, times, seconds(max_age));
  if (by == FreshBy::any) return of_any;
  const auto of_pod =
      fmt::format("({}) and on (pod) (max by (pod) ({}) >= time() - {})", query, times, seconds(max_age));
  return by == FreshBy::pod ? of_pod : fmt::format("{} or {} unless on (pod) ({})", of_pod, of_any, times);
}

// Of a large fleet these are hundreds of thousands of samples a metric: what they tell is kept, and none of them.
NewestSamples::NewestSamples(const prometheus::Answer& answer) {
  std::vector<Duration> stretches;
  for (const auto& series : answer.series) {  // one a pod
    std::optional<Time> last;
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      const Time sampled(Duration(std::llround(sample.value * 1000)));
      newest_ = std::max(newest_.value_or(sampled), sampled);
      if (last && sampled > *last) stretches.push_back(sampled - *last);
      last = sampled;
    }
  }
  apart_ = middle_of(std::move(stretches));
}

Duration max_sample_age(Duration scraped_every) {
  return std::max<Duration>(scraped_every * 5 / 2, std::chrono::seconds(5));
}

}  // namespace baton::judge
