// Poisson requests in a log-normal's buckets, wandering load and latency, clustered errors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "tests/accuracy/series.h"

namespace baton::accuracy {
namespace {

constexpr double kSpread = 0.6;  // of a request's duration, as the logarithm's standard deviation
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::vector<double> edges_of(const World& world) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (!world.is_fine) return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, kInfinite};
  std::vector<double> edges;
  for (double edge = 0.005; edge < 10; edge *= 1.25) edges.push_back(edge);
  edges.push_back(kInfinite);
  return edges;
}

double normal(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// A step of a wandering of standard deviation `spread` that forgets within `memory`.
double wandered(double value, double spread, Duration memory, std::mt19937_64& random) {
  const double kept = std::exp(-seconds(kStep) / seconds(memory));
  return kept * value + std::sqrt(1 - kept * kept) * spread * std::normal_distribution<double>()(random);
}

double drawn(double mean, std::mt19937_64& random) {
  return mean <= 0 ? 0 : static_cast<double>(std::poisson_distribution<long long>(mean)(random));
}

/// How many of so many happen at a chance of `share` each.
double some_of(double all, double share, std::mt19937_64& random) {
  if (all <= 0) return 0;
  return static_cast<double>(std::binomial_distribution<long long>(static_cast<long long>(all), share)(random));
}

/// 0 on weekdays and 1 at weekends, with six hours between; of an hour from a Monday's midnight on.
double weekend_at(double hour) {
  const double from_sunday = std::remainder(hour - 144, 168);
  return std::clamp((27 - std::abs(from_sunday)) / 6, 0.0, 1.0);
}

bool is_within(const Recurring& recurring, Duration at, Duration phase) {
  return recurring.every > Duration{0} && (at + phase + kBefore) % recurring.every < recurring.lasting;
}

}  // namespace

Series::Series(const World& world, const Fault* fault, std::uint64_t seed)
    : world_(world), fault_(fault), edges_(edges_of(world)) {
  std::mt19937_64 random(seed);
  draw(random);
}

double Series::latency_factor(Duration at) const {
  double factor = is_within(world_.recurring, at, phase_) ? world_.recurring.times : 1;
  if (at < Duration{0}) return factor;
  factor *= 1 + (world_.warm_up - 1) * std::exp(-seconds(at) / seconds(world_.warm_up_lasting / 2));
  return fault_ != nullptr && at >= fault_->from ? factor * fault_->times : factor;
}

double Series::more_errors(Duration at) const {
  const double burst = is_within(world_.recurring, at, phase_) ? world_.recurring.errors : 0;
  return fault_ != nullptr && at >= fault_->from ? burst + fault_->errors : burst;
}

double Series::load_at(Duration at) const {
  const double hour = hour_ + seconds(at) / 3600;
  const double day = std::cos(2 * std::numbers::pi * hour / 24);
  const double left = fault_ != nullptr && at >= fault_->from ? fault_->load : 1;
  return left * world_.rps * (1 + world_.swing * day) * (1 - (1 - world_.weekend) * weekend_at(hour));
}

double Series::share_up_to(double edge, double median) const {
  constexpr double kShape = 1.1;  // a mean, and no variance
  double share = (1 - world_.slow_tail - world_.heavy_tail) * normal(std::log(edge / median) / kSpread);
  if (world_.slow_tail > 0) share += world_.slow_tail * normal(std::log(edge / (10 * median)) / kSpread);
  if (world_.heavy_tail > 0 && edge > 2 * median)
    share += world_.heavy_tail * (1 - std::pow(2 * median / edge, kShape));
  return share;
}

void Series::draw(std::mt19937_64& random) {
  std::uniform_real_distribution<double> any(0, 1);
  median_ = 0.02 * std::pow(10, any(random));
  hour_ = 24 * any(random);
  if (world_.weekend != 1) hour_ += 24 * std::floor(7 * any(random));
  if (world_.recurring.every > Duration{0})
    phase_ = Duration(static_cast<Duration::rep>(any(random) * static_cast<double>(world_.recurring.every.count())));
  histograms_.emplace_back(edges_.size(), 0.0);
  counters_.push_back({});
  for (Duration at = -kBefore; at < kAfter; at += kStep) draw_cell(random, at);
  pods_ = draw_pods(world_, random);
  draw_usage(random);
  draw_scrapes(random);
  if (world_.scaled_every > Duration{0} || world_.restarted_every > Duration{0}) lose_counts(random);
}

void Series::draw_usage(std::mt19937_64& random) {
  std::normal_distribution<double> noise;
  double cpu = 0;
  for (std::size_t point = 0; point <= kNew; ++point) {
    const Duration at = static_cast<int>(point) * kStep;
    cpu = wandered(cpu, world_.cpu_noise, 2min, random);
    const double saw = world_.memory_saw * seconds(at % 20min) / seconds(20min);
    const double leak = fault_ != nullptr && at >= fault_->from ? fault_->leak * seconds(at - fault_->from) / 60 : 0;
    auto& of_cpu = cpu_.emplace_back(pods_.size(), kNothing);
    auto& of_memory = memory_.emplace_back(pods_.size(), kNothing);
    for (std::size_t pod = 0; pod < pods_.size(); ++pod) {
      if (!pods_[pod].is_up(at)) continue;
      const Duration up_for = pods_[pod].up_for(at);
      const double starting = up_for < 7min ? world_.starting_cpu : 0;
      // What came with the switch is taken for full; what comes later fills up.
      const double filled = up_for == at ? 1 : 1 - 0.5 * std::exp(-seconds(up_for) / seconds(5min));
      of_cpu[pod] = std::clamp(world_.cpu + starting + cpu + 2 * noise(random), 0.0, 100.0);
      of_memory[pod] = std::clamp(filled * (world_.memory + saw + leak) + 0.5 * noise(random), 0.0, 100.0);
    }
  }
}

void Series::draw_scrapes(std::mt19937_64& random) {
  std::uniform_real_distribution<double> minutes(1, 3);
  std::exponential_distribution<double> apart(1 / std::max(1.0, seconds(world_.unscraped_every)));
  const bool may_fail = world_.unscraped_every > Duration{0};
  double fails_from = may_fail ? apart(random) : std::numeric_limits<double>::infinity();
  double fails_until = may_fail ? fails_from + 60 * minutes(random) : fails_from;
  for (std::size_t point = 0; point <= kNew; ++point) {
    const Duration at = static_cast<int>(point) * kStep;
    if (seconds(at) >= fails_until) {
      fails_from = fails_until + apart(random);
      fails_until = fails_from + 60 * minutes(random);
    }
    const bool is_scraped = point == 0 || (at % world_.scraped_every == Duration{0} && seconds(at) < fails_from);
    scraped_.push_back(is_scraped ? point : scraped_.back());
  }
}

void Series::lose_counts(std::mt19937_64& random) {
  std::vector<judge::Counts> grown;
  for (std::size_t cell = kOld; cell < kOld + kNew; ++cell) grown.push_back(counts(cell, cell + 1));
  const auto seen = seen_of(pods_, grown, random);
  for (std::size_t cell = 0; cell < kNew; ++cell) {
    const auto& before = counters_[kOld + cell];
    counters_[kOld + cell + 1] = {.errors = before.errors + seen[cell].errors,
                                  .requests = before.requests + seen[cell].requests};
  }
}

void Series::draw_cell(std::mt19937_64& random, Duration at) {
  load_ = wandered(load_, world_.load_noise, 10min, random);
  slowness_ = wandered(slowness_, world_.latency_noise, world_.latency_memory, random);
  const double mean = load_at(at) * std::exp(load_) * seconds(kStep) + retries_;
  const double median = median_ * std::exp(slowness_) * latency_factor(at);
  auto histogram = histograms_.back();
  double below = 0;
  double count = 0;
  for (std::size_t edge = 0; edge < edges_.size(); ++edge) {
    const double up_to = std::isfinite(edges_[edge]) ? share_up_to(edges_[edge], median) : 1;
    count += drawn(mean * (up_to - below), random);
    below = up_to;
    histogram[edge] += count;
  }
  const double errors = draw_errors(random, at, count);
  histograms_.push_back(std::move(histogram));
  counters_.push_back(
      {.errors = counters_.back().errors + std::min(errors, count), .requests = counters_.back().requests + count});
}

double Series::draw_errors(std::mt19937_64& random, Duration at, double count) {
  const double share = std::min(100.0, world_.errors + more_errors(at)) / 100;
  double errors = 0;
  if (world_.together <= 1) {
    const double again = std::min(count, std::round(retries_));
    errors = some_of(count - again, share, random) + some_of(again, std::max(0.5, share), random);
  } else {
    const auto incidents = static_cast<int>(drawn(count * share / world_.together, random));
    for (int each = 0; each < incidents; ++each)
      errors += 1 + static_cast<double>(std::geometric_distribution<int>(1 / world_.together)(random));
  }
  retries_ = world_.retried > 0 ? some_of(errors, world_.retried, random) : 0;
  return errors;
}

}  // namespace baton::accuracy
