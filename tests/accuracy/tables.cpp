// Which questions, and how shares are printed.
#include "tests/accuracy/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tests/accuracy/peers.h"

namespace baton::accuracy {
namespace {

/// Whether any of the rules held.
auto holds(std::vector<std::string_view> rules) {
  return [rules = std::move(rules)](const Judged& one) {
    return std::ranges::any_of(rules, [&](std::string_view rule) { return one.rules.contains(rule); });
  };
}

/// Rolled back so soon after `from`, and not before.
bool is_within(std::optional<Duration> rolled_back, Duration from, Duration within) {
  return rolled_back && *rolled_back >= from && *rolled_back <= from + within;
}

}  // namespace

const std::vector<Column>& quiet_columns() {
  static const auto columns = [] {
    std::vector<Column> all = {
        {"any rollback", [](const Judged& one) { return one.rolled_back.has_value(); }},
        {"error rate", holds({"error-rate-critical"}), 1},
        {"error rate, confirm 60 s", [](const Judged& one) { return one.confirmed.has_value(); }},
        {"P95", holds({"latency-p95-critical", "latency-p95-slow"}), 2},
        {"CPU", holds({"cpu-critical"}), 1},
        {"memory", holds({"memory-critical", "memory-trend"}), 1},
        {"warned through the soak", [](const Judged& one) { return one.by_soak; }},
        {"warning: error rate", holds({"error-rate-warning"}), 1},
        {"warning: P95", holds({"latency-p95-warning"}), 1},
        {"warning: requests", holds({"request-drop-warning"}), 1},
        {"warning: CPU", holds({"cpu-warning"}), 1},
        {"warning: memory", holds({"memory-warning"}), 1}};
    for (std::size_t at = 0; at < peers().size(); ++at)
      all.push_back({std::string(peers()[at].name), [at](const Judged& one) { return one.by_peers[at].has_value(); }});
    return all;
  }();
  return columns;
}

std::vector<Column> times_found(const Fault& fault) {
  std::vector<Column> columns;
  for (const auto& [name, within] : std::initializer_list<std::pair<const char*, Duration>>{
           {"two samples", 30s}, {"2 min", 2min}, {"5 min", 5min}, {"10 min", 10min}, {"30 min", 30min}, {"2 h", 2h}})
    columns.push_back({name, [from = fault.from, within = within](const Judged& one) {
                         return is_within(one.rolled_back, from, within);
                       }});
  return columns;
}

std::vector<Column> found_columns(const Fault& fault) {
  auto columns = times_found(fault);
  for (const auto& [name, within] :
       std::initializer_list<std::pair<const char*, Duration>>{{"warned, 10 min", 10min}, {"warned, 30 min", 30min}}) {
    if (fault.load == 1) break;
    columns.push_back({name, [from = fault.from, within = within](const Judged& one) {
                         const auto held = one.rules.find("request-drop-warning");
                         return held != one.rules.end() && is_within(held->second, from, within);
                       }});
  }
  if (fault.errors > 0)
    columns.push_back({"2 min, confirm 60 s",
                       [from = fault.from](const Judged& one) { return is_within(one.confirmed, from, 2min); }});
  for (std::size_t at = 0; at < peers().size(); ++at)
    columns.push_back({fmt::format("{}, 30 min", peers()[at].name), [from = fault.from, at](const Judged& one) {
                         return is_within(one.by_peers[at], from, 30min);
                       }});
  return columns;
}

std::vector<Judged> found_by(const std::string& rule, std::vector<Judged> judged) {
  for (auto& one : judged) {
    const auto held = one.rules.find(rule);
    one.rolled_back = held == one.rules.end() ? std::nullopt : std::optional(held->second);
  }
  return judged;
}

judge::Share share_in(const std::vector<Judged>& judged, const Column& column) {
  return judge::share_of(std::ranges::count_if(judged, column.test), std::ssize(judged));
}

std::string text_of(const std::vector<Judged>& judged, const Column& column) {
  if (judged.empty()) return "-";
  return judge::share_text(share_in(judged, column));
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

}  // namespace baton::accuracy
