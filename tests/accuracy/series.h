// One window of a world: what its pods counted, drawn at random.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/judge/criteria.h"
#include "common/judge/grid.h"
#include "tests/accuracy/pods.h"
#include "tests/accuracy/world.h"

namespace baton::accuracy {

inline constexpr Duration kStep = 15s;
inline constexpr Duration kBefore = 25h;  ///< the old colour, so that yesterday is real
inline constexpr Duration kAfter = 2h;

/// What a store says of a stretch; of the old colour's pods nothing.
struct Seen {
  judge::Counts counts = {};
  std::optional<double> p95 = {};     ///< seconds
  std::optional<double> cpu = {};     ///< percent, the pods' mean at the stretch's end
  std::optional<double> memory = {};  ///< likewise
};

class Series {
 public:
  Series(const World& world, const Fault* fault, std::uint64_t seed);

  judge::Baseline baseline() const;
  /// Of the scrapes within a stretch that begins and ends so long after the switch; what is negative was before it.
  Seen seen(Duration from, Duration to) const;
  /// What a store that scrapes like the world's says of the new colour, one a step.
  std::vector<judge::Point> points() const;

 private:
  static constexpr std::size_t kOld = kBefore / kStep;  ///< cells
  static constexpr std::size_t kNew = kAfter / kStep;

  void draw(std::mt19937_64& random);
  void draw_cell(std::mt19937_64& random, Duration at);
  void draw_usage(std::mt19937_64& random);
  void draw_scrapes(std::mt19937_64& random);
  /// What pods that come, go and restart leave of the new colour's counts.
  void lose_counts(std::mt19937_64& random);
  /// Of `count` requests those that fail.
  double draw_errors(std::mt19937_64& random, Duration at, double count);
  /// Requests a second, on average.
  double load_at(Duration at) const;
  /// Share of the requests that take no longer than `edge`, in seconds.
  double share_up_to(double edge, double median) const;
  double latency_factor(Duration at) const;
  double more_errors(Duration at) const;
  bool is_stale(std::size_t point) const;
  /// The oldest scrape that a rate at a point sees.
  std::size_t first_scrape(std::size_t point) const;
  /// Rates of a histogram between two cells, by edge as a label has it.
  judge::Histogram rates(std::size_t from, std::size_t to) const;
  judge::Counts counts(std::size_t from, std::size_t to) const;
  std::optional<double> p95(std::size_t from, std::size_t to) const;
  /// What the hour around the same time a day before was like.
  void add_yesterday(judge::Point& point, std::size_t at) const;

  const World& world_;
  const Fault* fault_;
  std::vector<double> edges_ = {};
  double median_ = 0;
  double hour_ = 0;    ///< of the week at the switch, from Monday on
  Duration phase_{0};  ///< of what comes again
  double load_ = 0;    ///< the logarithms' wanderings
  double slowness_ = 0;
  double retries_ = 0;  ///< that come with the next cell
  std::vector<Pod> pods_ = {};
  std::vector<std::size_t> scraped_ = {};        ///< by point: the newest that was scraped
  std::vector<std::vector<double>> histograms_;  ///< cumulative over time, a row a cell: up to each edge
  std::vector<judge::Counts> counters_;          ///< likewise
  std::vector<std::vector<double>> cpu_;         ///< of the new colour, a row a point; nothing of pods that are down
  std::vector<std::vector<double>> memory_;
};

/// When the switch was.
Time switched_at();

}  // namespace baton::accuracy
