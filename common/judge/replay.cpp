// Sustained conditions, breaches, figures and gaps, point by point.
#include "common/judge/replay.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "common/judge/active_rule.h"
#include "common/judge/scrapes.h"

namespace baton::judge {
namespace {

void update(Condition& condition, const Evaluation& evaluation, Time time) {
  condition.why = evaluation.why;
  condition.is_too_little = evaluation.is_too_little;
  if (evaluation.truth == Truth::unknown) return;
  condition.observed = evaluation.observed;
  ++condition.known;
  if (evaluation.truth == Truth::no) {
    condition.since.reset();
    condition.samples = 0;
    return;
  }
  if (!condition.since) condition.since = time;
  condition.last = time;
  ++condition.samples;
}

void record_breach(Memory& memory, const Rule& rule, const Condition& condition) {
  const auto same = std::find_if(memory.breaches.rbegin(), memory.breaches.rend(), [&](const Breach& breach) {
    return breach.rule == rule.id && breach.to >= *condition.since;
  });
  if (same == memory.breaches.rend()) {
    memory.breaches.push_back(
        {.rule = rule.id, .from = *condition.since, .to = condition.last, .worst = condition.observed});
    return;
  }
  same->to = condition.last;
  same->worst =
      rule.row.is_drop ? std::min(same->worst, condition.observed) : std::max(same->worst, condition.observed);
}

/// A rule in force, and how it stands.
struct Standing {
  ActiveRule active;
  Condition* condition;  ///< in the memory

  void apply(std::span<const Point> points, Memory& memory) const {
    const Time newest = points.back().time;
    update(*condition, active.evaluate(points), newest);
    if (active.holds(*condition, newest)) record_breach(memory, active.rule(), *condition);
  }
};

std::vector<Standing> standings_of(const Criteria& criteria, Memory& memory) {
  std::vector<Standing> standings;
  for (const auto& rule : rules()) {
    ActiveRule active(rule, criteria);
    if (active.is_judged()) standings.push_back({std::move(active), &memory.conditions[rule.id]});
  }
  return standings;
}

void add(Figures& figures, double value, std::optional<double> yesterday) {
  figures.sum += value;
  figures.highest = figures.samples == 0 ? value : std::max(figures.highest, value);
  figures.newest = value;
  ++figures.samples;
  if (!yesterday) return;
  figures.yesterday += *yesterday;
  ++figures.yesterdays;
}

void add_figures(Memory& memory, const Point& point, Duration step) {
  if (point.counts) {
    memory.total.requests += point.counts->requests;
    memory.total.errors += point.counts->errors;
  }
  for (const Metric* metric : metrics()) {
    const auto value = value_at(*metric, point, step);
    if (value) add(memory.figures[std::string(metric->id)], *value, point.day_before(*metric));
  }
}

void add_gap(Memory& memory, Time time, Duration step) {
  if (!memory.gaps.empty() && memory.gaps.back().second + step >= time) {
    memory.gaps.back().second = time;
  } else {
    memory.gaps.emplace_back(time, time);
  }
}

bool has_seen(const Criteria& criteria, const Memory& memory) {
  if (criteria.reason_against(kErrorRate.id) != nullptr) return !memory.figures.empty();
  return memory.figures.contains(std::string(kRequestRate.id)) || memory.figures.contains(std::string(kErrorRate.id));
}

/// Pods that have just come are not scraped at once: what they count until then is in their first sample. Only where
/// none comes in time nobody watched from the beginning.
void miss(const Criteria& criteria, Time time, Memory& memory) {
  const Duration step = criteria.config.watch().step;
  const bool is_beginning = memory.gaps.empty() && !has_seen(criteria, memory);
  const Duration awaited = memory.samples * step;
  if (is_beginning && awaited <= max_sample_age(criteria.baseline.scraped_every.value_or(kRarestScrape))) {
    ++memory.samples;
    return;
  }
  if (is_beginning && memory.samples > 0) {
    memory.gaps.emplace_back(time - awaited, time - step);
    memory.samples = 0;
  }
  add_gap(memory, time, step);
}

/// Six digits are more than a share or a trend can tell apart, and half the length in a handoff.
double rounded(double value) {
  constexpr int kSmallest = -40;
  static const auto kPowers = [] {  // of ten, from the smallest on
    std::array<double, 81> powers{};
    for (int exponent = kSmallest; auto& power : powers) power = std::pow(10, exponent++);
    return powers;
  }();
  const auto above = std::ranges::upper_bound(kPowers, std::abs(value)) - kPowers.begin();
  const auto exponent = above - 1 + kSmallest;  // of its first digit
  const auto scale = 5 - exponent - kSmallest;
  if (above == 0 || scale >= std::ssize(kPowers)) return value;
  const double times = kPowers[static_cast<std::size_t>(scale)];
  return std::round(value * times) / times;
}

/// What rules look back at.
Point kept_of(Point point) {
  std::erase_if(point.readings,
                [](const Reading& reading) { return reading.metric->history == Duration{0} || reading.is_empty(); });
  for (auto& reading : point.readings) {
    if (reading.histogram.edges().empty()) {
      reading = {.metric = reading.metric, .value = rounded(*reading.value)};
      continue;
    }
    auto edges = reading.histogram.edges();
    for (auto& [edge, count] : edges) count = rounded(count);
    reading = reading_of_histogram(*reading.metric, Histogram(std::move(edges)));
  }
  return point;
}

/// The points that rules look back at, and the newest. What a look finds is the same whether the one before was a
/// moment ago or a day: within one, too, no rule sees more of the past than would have been handed on.
class Past {
 public:
  /// `coming`: how many will be pushed.
  Past(std::vector<Point> tail, std::size_t coming) : points_(std::move(tail)) {
    points_.reserve(points_.size() + coming);
  }

  void push(Point point) { points_.push_back(std::move(point)); }
  std::span<const Point> points() const { return std::span(points_).subspan(first_); }
  void drop_newest() { points_.pop_back(); }

  /// The newest becomes one of the past.
  void keep_newest() {
    points_.back() = kept_of(std::move(points_.back()));
    if (points().size() > 1) points_[points_.size() - 2].yesterday.clear();  // rules ask only for the newest
    while (age(first_) >= kLongestWindow) ++first_;
    for (const Metric* metric : metrics()) {
      if (metric->history > Duration{0}) forget(*metric, reach_of(*metric));
    }
  }

  std::vector<Point> take() {
    points_.erase(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(first_));
    return std::move(points_);
  }

 private:
  Duration age(std::size_t at) const { return points_.back().time - points_[at].time; }

  /// Where there is traffic enough for the rules of a few minutes, no more of it is kept.
  Duration reach_of(const Metric& metric) const {
    constexpr Duration kFewMinutes = std::chrono::minutes(5);
    if (!metric.judged_by_counts) return metric.history;
    double requests = 0;
    for (std::size_t at = points_.size(); at > first_ && age(at - 1) < kFewMinutes; --at)
      requests += points_[at - 1].counts ? points_[at - 1].counts->requests : 0;
    return requests >= kLatencyRequests ? std::min(metric.history, kFewMinutes) : metric.history;
  }

  /// Of what is further away nothing is left behind the first that is out of `reach`.
  void forget(const Metric& metric, Duration reach) {
    auto& first = known_from_.try_emplace(&metric, 0).first->second;
    for (first = std::max(first, first_); age(first) > reach; ++first)
      std::erase_if(points_[first].readings, [&](const Reading& reading) { return reading.metric == &metric; });
  }

  std::vector<Point> points_;
  std::size_t first_ = 0;
  std::map<const Metric*, std::size_t> known_from_ = {};  ///< before it the metric is forgotten
};

}  // namespace

bool is_gap(const Criteria& criteria, const Point& point) {
  if (criteria.reason_against(kErrorRate.id) != nullptr) return point.is_empty();
  if (point.counts) return false;
  const auto* own = point.find(kErrorRate);
  return own == nullptr || own->is_empty();
}

void replay(const Criteria& criteria, std::vector<Point> fresh, Memory& memory) {
  if (fresh.empty()) return;
  const Duration step = criteria.config.watch().step;
  const auto standings = standings_of(criteria, memory);
  Past past(std::move(memory.tail), fresh.size());
  for (auto& point : fresh) {
    memory.judged_until = point.time;
    const bool is_missed = is_gap(criteria, point);
    if (is_missed) {
      miss(criteria, point.time, memory);
    } else {
      ++memory.samples;
      add_figures(memory, point, step);
    }
    past.push(std::move(point));
    for (const auto& standing : standings) standing.apply(past.points(), memory);
    if (is_missed) {
      past.drop_newest();
    } else {
      past.keep_newest();
    }
  }
  memory.tail = past.take();
}

}  // namespace baton::judge
