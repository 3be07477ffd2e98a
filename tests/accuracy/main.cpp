// How often a verdict is wrong: false rollbacks in worlds where nothing changed, and what is found of bad releases.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <thread>

#include "common/io/clock.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/session.h"
#include "tests/accuracy/series.h"

namespace baton::accuracy {
namespace {

constexpr Duration kSoak = 5min;

/// What the judge made of one window.
struct Judged {
  std::optional<Duration> rolled_back = {};                 ///< after the switch
  std::map<std::string, Duration, std::less<>> rules = {};  ///< when each held first
  bool by_soak = false;                                     ///< a warning through all of it
};

Judged judge_window(const World& world, const Fault* fault, std::uint64_t seed) {
  const Series series(world, fault, seed);
  const Config config;
  const judge::Criteria criteria{.config = config, .baseline = series.baseline(), .since = switched_at()};
  const auto points = series.points();
  const auto soaked = static_cast<std::size_t>(kSoak / kStep) + 1;
  judge::Memory memory;
  judge::replay(criteria, std::span(points).first(soaked), memory);
  Judged judged;
  judged.by_soak =
      !judge::Session(criteria, {}, switched_at(), judge::to_json(memory)).warnings_throughout(switched_at()).empty();
  judge::replay(criteria, std::span(points).subspan(soaked), memory);
  if (judged.by_soak) judged.rolled_back = kSoak;
  for (const auto& breach : memory.breaches) {
    const auto* rule = judge::find_rule(breach.rule);
    const Duration held = breach.from + rule->sustained(criteria) - switched_at();
    if (!judged.rules.contains(breach.rule)) judged.rules.emplace(breach.rule, held);
    if (rule->is_critical()) judged.rolled_back = std::min(judged.rolled_back.value_or(held), held);
  }
  return judged;
}

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

struct Share {
  double percent = 0;
  double low = 0;  ///< of its 95 % interval by Wilson
  double high = 100;
};

Share share_of(long long hits, long long all) {
  constexpr double z = 1.96;
  const auto n = static_cast<double>(all);
  const double p = static_cast<double>(hits) / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  return {100 * p, 100 * std::max(0.0, centre - spread), 100 * std::min(1.0, centre + spread)};
}

using Test = std::function<bool(const Judged&)>;
struct Column {
  std::string name;
  Test test;
  double ceiling = 100;  ///< percent of quiet windows
};

const std::vector<Column>& quiet_columns() {
  static const auto broken = [](std::initializer_list<std::string_view> rules) {
    return [rules = std::vector<std::string_view>(rules)](const Judged& judged) {
      return std::ranges::any_of(rules, [&](std::string_view rule) { return judged.rules.contains(rule); });
    };
  };
  static const std::vector<Column> columns = {
      {"any rollback", [](const Judged& one) { return one.rolled_back.has_value(); }},
      {"error rate", broken({"error-rate-critical"}), 1},
      {"P95", broken({"latency-p95-critical", "latency-p95-slow"}), 2},
      {"CPU", broken({"cpu-critical"}), 1},
      {"memory", broken({"memory-critical", "memory-trend"}), 1},
      {"warned through the soak", [](const Judged& one) { return one.by_soak; }},
      {"any warning", broken({"error-rate-warning", "latency-p95-warning", "cpu-warning", "memory-warning"})}};
  return columns;
}

Share share_in(const std::vector<Judged>& judged, const Column& column) {
  return share_of(std::ranges::count_if(judged, column.test), std::ssize(judged));
}

std::string text_of(const std::vector<Judged>& judged, const Column& column) {
  if (judged.empty()) return "-";
  const auto [percent, low, high] = share_in(judged, column);
  return fmt::format("{:.1f} [{:.1f}, {:.1f}]", percent, low, high);
}

std::string row(const std::string& name, const std::vector<Judged>& judged, const std::vector<Column>& columns) {
  std::string line = fmt::format("| {} | {} |", name, judged.size());
  for (const auto& column : columns) line += " " + text_of(judged, column) + " |";
  return line + "\n";
}

std::string head(const std::string& first, const std::vector<Column>& columns) {
  std::string line = "| " + first + " | windows |";
  std::string rule = "\n|---|---|";
  for (const auto& column : columns) line += " " + column.name + " |", rule += "---|";
  return line + rule + "\n";
}

/// Of what the SOP does not want at once. That chance alone is over a ceiling breaks none.
bool is_within_ceilings(std::string_view group, const std::vector<Judged>& judged) {
  bool is_within = true;
  for (const auto& column : quiet_columns()) {
    if (group == "bursts" || share_in(judged, column).low <= column.ceiling) continue;
    std::cerr << fmt::format("{}: {}: {} %, over its ceiling of {} %\n", group, column.name, text_of(judged, column),
                             column.ceiling);
    is_within = false;
  }
  return is_within;
}

/// Whether every class is within its ceilings.
bool print_quiet(std::uint64_t seed, int windows) {
  std::map<std::string_view, std::vector<Judged>> groups;
  std::vector<std::string_view> order;
  std::string by_world = head("world", quiet_columns());
  for (const auto& world : worlds()) {
    const auto judged = judge_windows(world, nullptr, seed, windows);
    if (!groups.contains(world.group)) order.push_back(world.group);
    auto& group = groups[world.group];
    group.insert(group.end(), judged.begin(), judged.end());
    by_world += row(fmt::format("{}: {}", world.group, world.name), judged, quiet_columns());
  }
  std::cout << "## Nothing changed: percent of two-hour windows, with 95 % intervals\n\n"
            << head("class", quiet_columns());
  for (const auto group : order) std::cout << row(std::string(group), groups[group], quiet_columns());
  std::cout << "\n" << by_world << std::flush;
  return std::ranges::all_of(order, [&](std::string_view group) { return is_within_ceilings(group, groups[group]); });
}

std::vector<Column> found_columns(const Fault& fault) {
  std::vector<Column> columns;
  for (const auto& [name, within] : std::initializer_list<std::pair<const char*, Duration>>{
           {"two samples", 30s}, {"2 min", 2min}, {"5 min", 5min}, {"10 min", 10min}, {"30 min", 30min}, {"2 h", 2h}}) {
    columns.push_back({name, [from = fault.from, within = within](const Judged& one) {
                         return one.rolled_back && *one.rolled_back >= from && *one.rolled_back <= from + within;
                       }});
  }
  return columns;
}

/// Half of all requests fail where there is traffic: whoever does not see that sees nothing.
bool is_found_in_time(const World& world, const Fault& fault, const std::vector<Judged>& judged) {
  constexpr double kFloor = 95;  // percent within two minutes
  if (world.group != "calm" || fault.errors < 50) return true;
  const auto within = found_columns(fault).at(1);
  if (share_in(judged, within).high >= kFloor) return true;
  std::cerr << fmt::format("{}, {}: found within {}: {} %, below its floor of {} %\n", fault.name, world.name,
                           within.name, text_of(judged, within), kFloor);
  return false;
}

/// Whether what nobody can overlook was found.
bool print_found(std::uint64_t seed, int windows) {
  bool is_found = true;
  for (const auto& fault : faults()) {
    const auto columns = found_columns(fault);
    std::cout << "\n## Found: " << fault.name << "\n\n" << head("world", columns);
    for (const auto& world : worlds()) {
      if (world.group != "calm" && world.group != "little traffic" && world.name != "20 min every 6 h x6") continue;
      const auto judged = judge_windows(world, &fault, seed, windows);
      std::cout << row(std::string(world.name), judged, columns);
      is_found = is_found_in_time(world, fault, judged) && is_found;
    }
    std::cout << std::flush;
  }
  return is_found;
}

void print_introduction(std::uint64_t seed) {
  constexpr std::string_view kText = R"(# How often a verdict is wrong

Printed by `make accuracy` on {} with seed {}; the rules were tuned with seed 1. Each window is two hours of a new colour
behind 25 hours of the old one, looked at every 15 s with the default configuration, and judged by the product's own rules
(`tests/accuracy/`). *Nothing changed*: each rollback is a false one. *Found*: rolled back within that time of the fault's
begin, not before.

What the worlds leave out: requests are independent given load and latency but for errors that come together; all pods are
alike; the switch is instantaneous and old pods keep no connection; days are cosines without weekends; no pod restarts, no
scrape fails, and no store is late; a batch is as regular as a clock. Bursts of errors are called "nothing changed", and are
rolled back because the SOP says at once.

)";
  std::cout << fmt::format(kText, to_rfc3339(SystemClock().now()).substr(0, 10), seed);
}

int run(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: baton-accuracy SEED QUIET-WINDOWS BAD-WINDOWS\n";
    return 2;
  }
  const auto seed = std::strtoull(argv[1], nullptr, 10);
  print_introduction(seed);
  const bool is_within = print_quiet(seed, std::atoi(argv[2]));
  const bool is_found = print_found(seed, std::atoi(argv[3]));
  return is_within && is_found ? 0 : 1;
}

}  // namespace
}  // namespace baton::accuracy

int main(int argc, char** argv) { return baton::accuracy::run(argc, argv); }
