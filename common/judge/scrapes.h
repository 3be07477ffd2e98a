// When the store really had a sample: an instant query goes on answering for five minutes after the last one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/prometheus/client.h"
#include "common/core/time.h"

namespace baton::judge {

/// Rarer than this, rates over the widest window that still sees a bad release in time hold too few samples.
inline constexpr Duration kRarestScrape = std::chrono::seconds(60);

/// The series selectors in a query, "name{…}", each once, in the order of the text.
std::vector<std::string> selectors_in(std::string_view promql);
/// By pod: the time of the newest sample of what `promql` reads, in seconds. Empty where it names no series with
/// braces.
std::string newest_samples_query(std::string_view promql);

/// The pods whose newest sample of what `promql` reads is older than `max_age`, at the points where it is; under no
/// name, where all of them are. Empty where it names no series with braces: it is taken for fresh.
std::string stale_samples_query(std::string_view promql, Duration max_age);

enum class FreshBy {
  any,          ///< what `query` gives is there where any pod is fresh
  pod,          ///< by pod, where that one is
  pod_or_none,  ///< likewise; of a pod that nobody knows by name, where any is
};
/// `query` less what the store made of samples of `sampled` that are older than `max_age`.
std::string fresh_query(const std::string& query, std::string_view sampled, Duration max_age, FreshBy by);

/// What the store answered to newest_samples_query, as times.
class NewestSamples {
 public:
  NewestSamples() = default;
  explicit NewestSamples(const prometheus::Answer& answer);

  /// The newest of all.
  std::optional<Time> newest() const { return newest_; }
  /// The median stretch between two samples of a pod, in whole seconds from one second on. Nothing: no pod had two.
  std::optional<Duration> apart() const { return apart_; }

 private:
  std::optional<Time> newest_ = {};
  std::optional<Duration> apart_ = {};
};

/// How late a store's newest samples may be; what did not come by then is a gap.
inline constexpr Duration kLatestSample = std::chrono::minutes(3);

/// How old a sample may be before the stretch behind it is a gap: one scrape may be missed, and a scrape takes a while.
Duration max_sample_age(Duration scraped_every);

}  // namespace baton::judge
