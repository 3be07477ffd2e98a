// Queries of the configuration's own, which go before what is found: what each can be judged by.
#pragma once

#include <optional>
#include <string>

#include "common/config/sections/watch.h"
#include "common/core/json.h"
#include "common/judge/metric.h"

namespace baton::judge {

/// The metric's query: the own one, else the one that is made for what was found. Empty where there is neither.
std::string query_of(const Metric& metric, const QueryTerms& terms);
/// What is read of it at each step of the grid: likewise, with all that its rules look at.
std::string reading_of(const Metric& metric, const QueryTerms& terms);
/// What its newest samples are asked by: likewise, of all that it reads or what must be fresh of it.
std::string sampled_of(const Metric& metric, const QueryTerms& terms);
/// reading_of(), less what comes of samples that are older than `max_age`.
std::string fresh_reading_of(const Metric& metric, const QueryTerms& terms, Duration max_age);
/// Whether the metric is asked for at all: by itself, or because the configuration has a query for it.
bool is_asked_for(const Metric& metric, const OwnQueries& own);
/// Whether its number is one query, read as it stands.
bool is_single(const Metric& metric, const OwnQueries& own);
/// Why nobody is rolled back by it; empty: a breach of it is acted on.
std::string why_it_only_warns(const Metric& metric, const OwnQueries& own);

/// What was found, as far as the own queries leave it something to say: whoever counts requests by them needs no more
/// than a histogram.
std::optional<RequestSource> source_beside(const OwnQueries& own, const SourceLookup& found);

/// Placeholders stand as they were written.
Json to_json(const OwnQueries& own);
/// Null gives none.
OwnQueries own_queries_from(const Json& json);

}  // namespace baton::judge
