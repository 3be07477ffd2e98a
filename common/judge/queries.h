// What a metric's query is filled with, and the two counters that all judgements on requests stand on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/config/config.h"
#include "common/config/sections/watch.h"
#include "common/core/time.h"
#include "common/judge/request_source.h"
#include "common/judge/scope.h"

namespace baton::judge {

struct QueryTerms {
  RequestSource source;         ///< whose series count requests; no counter: nobody's
  std::string selector;         ///< the label matchers that find the colour
  std::string window;           ///< that rates are taken over
  std::string resource_window;  ///< the same, a minute at least: cadvisor looks every 10-15 s
  std::string step = {};        ///< of the grid
  OwnQueries own = {};          ///< the configuration's own, filled in
  /// Both for all colours: day_before(), with every name filled in.
  std::string selector_of_all = {};
  OwnQueries own_of_all = {};

  /// The same, asking for all colours.
  QueryTerms of_all() const;
  /// The own query's part; empty: there is none.
  std::string own_part(std::string_view metric, std::string_view part) const;
};

enum class PodNames {
  filled_in,
  /// {{pods}} stays: the form kept in handoffs, where the pods are named once.
  left_open,
};

/// `source`: nothing where nobody counts requests.
QueryTerms terms_for(const Config& config, const Scope& scope, const std::optional<RequestSource>& source,
                     Duration window, PodNames pods = PodNames::filled_in, const OwnQueries& own = {});
/// The label matchers alone.
std::string selector_for(const Config& config, const Scope& scope, Duration window,
                         PodNames pods = PodNames::filled_in);

/// "name{…}": the colour's series of the source, further `matchers` behind its own.
std::string series_of(const QueryTerms& terms, std::string_view name, std::string_view matchers = {});
/// Counters by pod: all requests whose end is told, and those that failed, absent while there was none. A request
/// counts only where it has the label that would tell of a failure: without the label nothing is zero. Empty where
/// nobody counts.
std::string requests_query(const QueryTerms& terms);
std::string errors_query(const QueryTerms& terms);
/// How many requests came in the window, and how many failed: one number each, by `function`: increase, rate.
std::string requests_grown(const QueryTerms& terms, std::string_view function);
std::string errors_grown(const QueryTerms& terms, std::string_view function);
/// Whether the errors are counted by an own query: then nothing proves that what it does not find is zero.
bool has_own_errors(const QueryTerms& terms);

/// How many of the unit of the latency histogram's edges a second has: an own one's are seconds.
double edges_per_second(const QueryTerms& terms);

/// What {{pods}} stands for: an anchored regular expression, ready to stand in a PromQL string.
std::string pods_regex(std::span<const std::string> pods);

/// The shortest stretch that holds enough scrapes for a rate: four steps and four scrapes, 20 s at least.
Duration rate_window(const Config& config, std::optional<Duration> scraped_every = {});

}  // namespace baton::judge
