// Poisson requests in a log-normal's buckets, wandering load and latency, clustered errors.
#include "tests/accuracy/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "common/judge/histogram.h"

namespace baton::accuracy {
namespace {

constexpr double kSpread = 0.6;  // of a request's duration, as the logarithm's standard deviation
constexpr std::size_t kOld = kBefore / kStep;
constexpr std::size_t kNew = kAfter / kStep;
constexpr std::size_t kHour = 1h / kStep;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::vector<double> edges_of(const World& world) {
  if (!world.is_fine) return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  std::vector<double> edges;
  for (double edge = 0.005; edge < 10; edge *= 1.25) edges.push_back(edge);
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

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool is_within(const Recurring& recurring, Duration at, Duration phase) {
  return recurring.every > Duration{0} && (at + phase + kBefore) % recurring.every < recurring.lasting;
}

}  // namespace

Time switched_at() {
  static const Time at = *parse_rfc3339("2026-03-01T12:00:00Z");
  return at;
}

Series::Series(const World& world, const Fault* fault, std::uint64_t seed)
    : world_(world), fault_(fault), edges_(edges_of(world)) {
  for (const double edge : edges_) labels_.push_back(fmt::format("{}", edge));
  labels_.emplace_back("+Inf");
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

void Series::draw(std::mt19937_64& random) {
  std::uniform_real_distribution<double> any(0, 1);
  median_ = 0.02 * std::pow(10, any(random));
  hour_ = 24 * any(random);
  if (world_.recurring.every > Duration{0})
    phase_ = Duration(static_cast<Duration::rep>(any(random) * static_cast<double>(world_.recurring.every.count())));
  histograms_.emplace_back(labels_.size(), 0.0);
  counters_.push_back({});
  for (Duration at = -kBefore; at < kAfter; at += kStep) draw_cell(random, at);
  std::normal_distribution<double> noise;
  double cpu = 0;
  for (std::size_t point = 0; point <= kNew; ++point) {
    const Duration at = static_cast<int>(point) * kStep;
    cpu = wandered(cpu, world_.cpu_noise, 2min, random);
    const double saw = world_.memory_saw * seconds(at % 20min) / seconds(20min);
    const double leak = fault_ != nullptr && at >= fault_->from ? fault_->leak * seconds(at - fault_->from) / 60 : 0;
    auto& of_cpu = cpu_.emplace_back();
    auto& of_memory = memory_.emplace_back();
    for (int pod = 0; pod < world_.pods; ++pod) {
      const double starting = at < 7min ? world_.starting_cpu : 0;
      of_cpu.push_back(std::clamp(world_.cpu + starting + cpu + 2 * noise(random), 0.0, 100.0));
      of_memory.push_back(std::clamp(world_.memory + saw + leak + 0.5 * noise(random), 0.0, 100.0));
    }
  }
}

void Series::draw_cell(std::mt19937_64& random, Duration at) {
  load_ = wandered(load_, world_.load_noise, 10min, random);
  slowness_ = wandered(slowness_, world_.latency_noise, world_.latency_memory, random);
  const double day = std::cos(2 * std::numbers::pi * (hour_ + seconds(at) / 3600) / 24);
  const double mean = world_.rps * (1 + world_.swing * day) * std::exp(load_) * seconds(kStep);
  const double median = median_ * std::exp(slowness_) * latency_factor(at);
  auto histogram = histograms_.back();
  double below = 0;
  double count = 0;
  for (std::size_t edge = 0; edge < labels_.size(); ++edge) {
    double up_to = 1;
    if (edge < edges_.size()) {
      const double usual = normal(std::log(edges_[edge] / median) / kSpread);
      const double slow = normal(std::log(edges_[edge] / (10 * median)) / kSpread);
      up_to = (1 - world_.slow_tail) * usual + world_.slow_tail * slow;
    }
    count += drawn(mean * (up_to - below), random);
    below = up_to;
    histogram[edge] += count;
  }
  const double share = std::min(100.0, world_.errors + more_errors(at)) / 100;
  double errors = 0;
  if (world_.together <= 1) {
    errors =
        count > 0
            ? static_cast<double>(std::binomial_distribution<long long>(static_cast<long long>(count), share)(random))
            : 0;
  } else {
    const auto incidents = static_cast<int>(drawn(count * share / world_.together, random));
    for (int each = 0; each < incidents; ++each)
      errors += 1 + static_cast<double>(std::geometric_distribution<int>(1 / world_.together)(random));
  }
  histograms_.push_back(std::move(histogram));
  counters_.push_back(
      {.errors = counters_.back().errors + std::min(errors, count), .requests = counters_.back().requests + count});
}

std::map<std::string, double> Series::rates(std::size_t from, std::size_t to) const {
  std::map<std::string, double> by_edge;
  const double lasted = seconds(kStep) * static_cast<double>(to - from);
  for (std::size_t edge = 0; edge < labels_.size(); ++edge)
    by_edge[labels_[edge]] = (histograms_[to][edge] - histograms_[from][edge]) / lasted;
  return by_edge;
}

judge::Counts Series::counts(std::size_t from, std::size_t to) const {
  return {.errors = counters_[to].errors - counters_[from].errors,
          .requests = counters_[to].requests - counters_[from].requests};
}

std::optional<double> Series::p95(std::size_t from, std::size_t to) const {
  return judge::Histogram(rates(from, to)).quantile(0.95);
}

Seen Series::seen(Duration from, Duration to) const {
  const auto scrape = world_.scraped_every;
  const auto cell_at = [&](Duration at) { return static_cast<std::size_t>((at + kBefore) / scrape * scrape / kStep); };
  Seen seen{.counts = counts(cell_at(from), cell_at(to)), .p95 = p95(cell_at(from), cell_at(to))};
  if (to < Duration{0}) return seen;
  seen.cpu = mean(cpu_[cell_at(to) - kOld]);
  seen.memory = mean(memory_[cell_at(to) - kOld]);
  return seen;
}

judge::Baseline Series::baseline() const {
  judge::Baseline baseline{.from = switched_at() - 1h, .to = switched_at()};
  baseline.source =
      judge::RequestSource{.counter = "requests_total", .status = "code", .failed = "5..", .buckets = "seconds_bucket"};
  baseline.scraped_every = world_.scraped_every;
  const auto seen = counts(kOld - kHour, kOld);
  baseline.metrics["error_rate"] = {.requests = seen.requests, .errors = seen.errors};
  if (seen.requests > 0) baseline.metrics["error_rate"].value = seen.percent();
  auto& latency = baseline.metrics["latency_p95"];
  latency.value = p95(kOld - kHour, kOld);
  if (!world_.is_young) {
    latency.yesterday = p95(0, kHour);
    std::vector<double> day;
    for (std::size_t at = kHour + 4; at <= kOld; at += 4) {
      if (const auto value = p95(at - 4, at)) day.push_back(*value);
    }
    std::ranges::sort(day);
    if (!day.empty()) latency.peak = day[std::min(day.size() - 1, day.size() * 99 / 100)];
  }
  baseline.metrics["request_rate"] = {.value = seen.requests / seconds(1h)};
  baseline.metrics["cpu"] = {.value = world_.cpu};
  baseline.metrics["memory"] = {.value = world_.memory + world_.memory_saw / 2,
                                .peak = world_.memory + world_.memory_saw};
  return baseline;
}

std::vector<judge::Point> Series::points() const {
  std::vector<judge::Point> points;
  const auto apart = static_cast<std::size_t>(world_.scraped_every / kStep);
  std::size_t last = 0;
  for (std::size_t at = 0; at <= kNew; ++at) {
    judge::Point point{.time = switched_at() + static_cast<int>(at) * kStep};
    const std::size_t scraped = at / apart * apart;
    point.counts = counts(kOld + last, kOld + scraped);
    last = scraped;
    // Four scrapes are in a rate's window: three stretches between them.
    const std::size_t first = scraped > 4 * apart ? scraped - 3 * apart : apart;
    if (scraped > first && histograms_[kOld + scraped].back() > histograms_[kOld + first].back())
      point.values["latency_p95"] = rates(kOld + first, kOld + scraped);
    for (int pod = 0; pod < world_.pods; ++pod) {
      const auto name = fmt::format("pod-{}", pod);
      point.values["cpu"][name] = cpu_[at][static_cast<std::size_t>(pod)];
      point.values["memory"][name] = memory_[at][static_cast<std::size_t>(pod)];
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace baton::accuracy
