// How often a verdict is wrong: false rollbacks in worlds where nothing changed, and what is found of bad releases.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

#include "common/io/clock.h"
#include "common/judge/rules.h"
#include "tests/accuracy/tables.h"

namespace baton::accuracy {
namespace {

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

/// Where latency or usage is noisy one world must do: all of them take too long.
bool has_faults_tried(const World& world) {
  return world.group == "calm" || world.group == "little traffic" || world.group == "operations" ||
         world.name == "20 min every 6 h x6";
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

/// A class as a whole, and which of the rules found it when.
std::string rows_of_class(std::string_view group, const std::vector<Judged>& judged, const Fault& fault) {
  std::string rows = row(std::string(group), judged, found_columns(fault));
  for (const auto& rule : judge::rules()) {
    const auto by_rule = found_by(rule.id, judged);
    if (rule.is_critical() &&
        std::ranges::any_of(by_rule, [](const Judged& one) { return one.rolled_back.has_value(); }))
      rows += row(fmt::format("{}, by {}", group, rule.id), by_rule, times_found(fault));
  }
  return rows;
}

/// Whether what nobody can overlook was found.
bool print_found(std::uint64_t seed, int windows) {
  bool is_found = true;
  for (const auto& fault : faults()) {
    const auto columns = found_columns(fault);
    std::map<std::string_view, std::vector<Judged>> groups;
    std::string by_world = head("world", columns);
    for (const auto& world : worlds()) {
      if (!has_faults_tried(world)) continue;
      const auto judged = judge_windows(world, &fault, seed, windows);
      auto& group = groups[world.group];
      group.insert(group.end(), judged.begin(), judged.end());
      by_world += row(std::string(world.name), judged, columns);
      is_found = is_found_in_time(world, fault, judged) && is_found;
    }
    std::cout << "\n## Found: " << fault.name << "\n\n" << head("class", columns);
    for (const auto& [group, judged] : groups) std::cout << rows_of_class(group, judged, fault);
    std::cout << "\n" << by_world << std::flush;
  }
  return is_found;
}

void print_introduction(std::uint64_t seed) {
  constexpr std::string_view kText = R"(# How often a verdict is wrong

Printed by `make accuracy` on {} with seed {}; the rules were tuned with seed 1. Each window is two hours of a new
colour behind 25 hours of the old one, looked at every 15 s with the default configuration, and judged by the product's
own rules (`tests/accuracy/`). *Nothing changed*: each rollback is a false one. *Found*: rolled back within that time of
the fault's begin, not before. *Confirm 60 s*: by the error rate with `watch.limits.error_rate.confirm: 60s`.

Beside it, on the same series: *SOP* reads the last five minutes every five minutes and holds Step 3's limits against
the hour before; *Kayenta* holds all minutes so far against those of the hour before (rank test at .98, tolerance .25,
effect 1.2, six minutes at least); *Argo* reads the last minute every 15 s and ends at a metric's third failure. The
last two see errors and P95 alone. They are re-derived from their descriptions (`tests/accuracy/peers.cpp`).

What the worlds leave out: requests are independent given load and latency but for errors that come together and
retries; all pods are alike, and a pod that goes takes none of the latencies with it; the old colour's pods neither come
nor restart; the switch is instantaneous and old pods keep no connection; days are cosines; no store is late; a batch is
as regular as a clock. Bursts of errors are called "nothing changed", and are rolled back because the SOP says at once.

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
