// A session's look: read what is new, lay every rule over every new point, say what holds now.
#include "common/judge/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/judge/rules.h"
#include "common/judge/verdict.h"

namespace baton::judge {
namespace {

bool is_empty(const Point& point) {
  return !point.counts && !point.latency_p95 && point.cpu.empty() && point.memory.empty();
}

void add(Figures& figures, double value) {
  figures.sum += value;
  figures.highest = figures.samples == 0 ? value : std::max(figures.highest, value);
  figures.newest = value;
  ++figures.samples;
}

void add_usage(std::map<std::string, Figures>& figures, const std::string& metric,
               const std::map<std::string, double>& pods) {
  if (pods.empty()) return;
  double sum = 0;
  for (const auto& [pod, percent] : pods) sum += percent;
  add(figures[metric], sum / static_cast<double>(pods.size()));
}

void add_figures(Memory& memory, const Point& point, Duration step) {
  if (point.counts) {
    memory.total.requests += point.counts->requests;
    memory.total.errors += point.counts->errors;
    add(memory.figures["request_rate"], 1000 * point.counts->requests / static_cast<double>(step.count()));
    if (point.counts->requests > 0) add(memory.figures["error_rate"], point.counts->percent());
  }
  if (point.latency_p95) add(memory.figures["latency_p95"], *point.latency_p95);
  add_usage(memory.figures, "cpu", point.cpu);
  add_usage(memory.figures, "memory", point.memory);
}

void add_gap(Memory& memory, Time time, Duration step) {
  if (!memory.gaps.empty() && memory.gaps.back().second + step >= time) {
    memory.gaps.back().second = time;
  } else {
    memory.gaps.emplace_back(time, time);
  }
}

/// The points a window may reach back to, from what the memory kept.
std::vector<Point> past_points(const Memory& memory) {
  std::vector<Point> points;
  for (const auto& past : memory.tail) points.push_back({.time = past.time, .counts = past.counts});
  return points;
}

void keep_tail(Memory& memory, const Point& point) {
  if (point.counts) memory.tail.push_back({.time = point.time, .counts = *point.counts});
  while (!memory.tail.empty() && point.time - memory.tail.front().time >= kLongestWindow) memory.tail.pop_front();
}

}  // namespace

Session::Session(const Config& config, Baseline baseline, Scope scope, Time from, const Json& memory)
    : config_(config),
      baseline_(std::move(baseline)),
      scope_(std::move(scope)),
      from_(from),
      memory_(memory_from_json(memory)) {}

Time Session::first_unjudged() const {
  return memory_.judged_until ? *memory_.judged_until + config_.watch().step : from_;
}

void Session::include_pods(const std::vector<std::string>& pods) {
  std::set<std::string> all(pods.begin(), pods.end());
  all.insert(scope_.pods.begin(), scope_.pods.end());
  for (const auto& [pod, counts] : memory_.counters) all.insert(pod);
  scope_.pods.assign(all.begin(), all.end());
}

Look Session::look(prometheus::Client& store, Time until, std::stop_token stop) {
  const Duration step = config_.watch().step;
  const Stretch stretch{.from = first_unjudged(), .to = until - config_.metrics().lag, .step = step};
  if (stretch.from > stretch.to) return conclude(config_, baseline_, memory_);
  auto counters = memory_.counters;
  try {
    const auto queries = queries_for(config_, scope_, rate_window(config_));
    const Grid grid = read_grid(store, queries, stretch, counters, stop);
    if (!grid.warnings.empty())
      return blind(config_, baseline_, memory_, "the metrics store answers partly: " + grid.warnings.front());
    memory_.counters = std::move(counters);
    take(grid.points);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return blind(config_, baseline_, memory_, error.what());
  }
  return conclude(config_, baseline_, memory_);
}

void Session::take(const std::vector<Point>& fresh) {
  auto points = past_points(memory_);
  for (const auto& point : fresh) {
    points.push_back(point);
    memory_.judged_until = point.time;
    if (is_empty(point)) {
      add_gap(memory_, point.time, config_.watch().step);
    } else {
      ++memory_.samples;
      add_figures(memory_, point, config_.watch().step);
      keep_tail(memory_, point);
    }
    apply_rules(config_, baseline_, points, memory_);
  }
}

double Session::coverage(Time until) const {
  const auto expected = (until - config_.metrics().lag - from_) / config_.watch().step + 1;
  if (expected <= 0) return 0;
  return std::min(100.0, 100.0 * static_cast<double>(memory_.samples) / static_cast<double>(expected));
}

std::vector<std::string> Session::warnings_throughout(Time since) const {
  std::vector<std::string> ids;
  for (const auto& rule : rules()) {
    const auto found = memory_.conditions.find(std::string(rule.id));
    if (rule.severity != Severity::warning || found == memory_.conditions.end()) continue;
    const Condition& condition = found->second;
    const bool from_start = condition.since && *condition.since <= since + rate_window(config_);
    if (from_start && condition.last == memory_.judged_until) ids.emplace_back(rule.id);
  }
  return ids;
}

}  // namespace baton::judge
