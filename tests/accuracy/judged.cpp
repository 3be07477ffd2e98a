// Windows on all cores, each from a seed of its own.
#include "tests/accuracy/judged.h"

#include <algorithm>
#include <array>
#include <future>
#include <random>
#include <span>
#include <thread>

#include "common/config/sections/watch.h"
#include "common/judge/metric.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/session.h"
#include "tests/accuracy/peers.h"
#include "tests/accuracy/series.h"

namespace baton::accuracy {
namespace {

constexpr Duration kSoak = 5min;

/// When the error rate alone rolls back with `watch.limits.error_rate.confirm: 60s`. What is four times the limit never
/// waits, and a breach does not say which it was: so one look at a time.
std::optional<Duration> confirmed_errors(const judge::Baseline& baseline, std::span<const judge::Point> points) {
  Config config;
  for (auto& [metric, limit] : config.watch().limits) {
    if (metric != judge::kErrorRate.id) limit = {};
  }
  auto& limit = config.watch().limits.at(std::string(judge::kErrorRate.id));
  limit.confirm = 60s;
  limit.warn.reset();
  const judge::Criteria criteria{.config = config, .baseline = baseline, .since = switched_at()};
  judge::Memory memory;
  for (const auto& point : points) {
    judge::replay(criteria, {{.time = point.time, .counts = point.counts}}, memory);
    if (!memory.breaches.empty()) return point.time - switched_at();
  }
  return std::nullopt;
}

Judged judge_window(const World& world, const Fault* fault, std::uint64_t seed) {
  const Series series(world, fault, seed);
  const Config config;
  const judge::Criteria criteria{.config = config, .baseline = series.baseline(), .since = switched_at()};
  const auto points = series.points();
  const auto soaked = points.begin() + kSoak / kStep + 1;
  judge::Memory memory;
  judge::replay(criteria, {points.begin(), soaked}, memory);
  Judged judged;
  judged.by_soak =
      !judge::Session(criteria, {}, switched_at(), judge::to_json(memory)).warnings_throughout(switched_at()).empty();
  judge::replay(criteria, {soaked, points.end()}, memory);
  if (judged.by_soak) judged.rolled_back = kSoak;
  for (const auto& breach : memory.breaches) {
    const auto* rule = judge::find_rule(breach.rule);
    const Duration held = breach.from + rule->sustained(criteria) - switched_at();
    if (!judged.rules.contains(breach.rule)) judged.rules.emplace(breach.rule, held);
    if (rule->is_critical()) judged.rolled_back = std::min(judged.rolled_back.value_or(held), held);
  }
  if (fault == nullptr || fault->errors > 0) judged.confirmed = confirmed_errors(criteria.baseline, points);
  for (const auto& peer : peers()) judged.by_peers.push_back(peer.rolled_back(series));
  return judged;
}

}  // namespace

std::vector<Judged> judge_windows(const World& world, const Fault* fault, std::uint64_t seed, int windows) {
  std::vector<Judged> all(static_cast<std::size_t>(windows));
  std::vector<std::future<void>> parts;
  const auto workers = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (int worker = 0; worker < workers; ++worker) {
    parts.push_back(std::async(std::launch::async, [&, worker] {
      for (int at = worker; at < windows; at += workers) {
        std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(at),
                            static_cast<std::uint32_t>(std::hash<std::string_view>{}(world.name))};
        std::array<std::uint32_t, 2> words{};
        mixed.generate(words.begin(), words.end());
        all[static_cast<std::size_t>(at)] =
            judge_window(world, fault, (static_cast<std::uint64_t>(words[0]) << 32) | words[1]);
      }
    }));
  }
  for (auto& part : parts) part.get();
  return all;
}

}  // namespace baton::accuracy
