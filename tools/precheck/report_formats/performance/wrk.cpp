// What wrk and wrk2 print: of percentiles none but 50, 75, 90 and 99.
#include <array>
#include <charconv>
#include <cmath>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/lines.h"
#include "tools/precheck/reports/load.h"

namespace baton::precheck {
namespace {

struct Unit {
  std::string_view name;
  double ms;
};
constexpr std::array kUnits = {Unit{"us", 0.001}, Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                               Unit{"h", 3'600'000}};

/// The number that a text begins with; the text is cut to what follows.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// "7.63ms".
std::optional<double> milliseconds(std::string_view text) {
  const auto number = take_number(text);
  for (const auto& unit : kUnits) {
    if (number && text == unit.name) return *number * unit.ms;
  }
  return std::nullopt;
}

/// What is behind `begin`; nothing where the line does not begin so.
std::optional<std::string_view> behind(std::string_view line, std::string_view begin) {
  if (!line.starts_with(begin)) return std::nullopt;
  return trim(line.substr(begin.size()));
}

/// What one pass over the text gathers.
struct Pass {
  LoadReport report = {};
  double without = 0;  ///< errors of connections and timeouts
  bool is_distribution = false;
  bool is_whole = false;

  /// "99%  7.63ms", "99.000%  7.63ms".
  void percentile(std::string_view line) {
    const auto percent = take_number(line);
    if (!percent || *percent != 99 || !line.starts_with('%') || report.p99_ms) return;
    report.p99_ms = milliseconds(trim(line.substr(1)));
  }

  /// "connect 0, read 0, write 0, timeout 0".
  void errors(std::string_view list) {
    for (const auto& error : split(list, ',')) {
      auto number = std::string_view(error).substr(error.rfind(' ') + 1);
      without += take_number(number).value_or(0);
    }
  }

  void take(std::string_view text) {
    auto line = trim(text);
    if (line.starts_with("Latency Distribution")) is_distribution = true;
    if (is_distribution) percentile(line);
    if (const auto list = behind(line, "Socket errors:")) return errors(*list);
    if (auto count = behind(line, "Non-2xx or 3xx responses:")) report.failed = take_number(*count).value_or(0);
    is_whole = is_whole || line.starts_with("Transfer/sec:");
    const auto count = take_number(line);
    if (count && line.starts_with(" requests in ")) report.requests = count;
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass;
  for_each_line(bytes, name, [&](std::string_view line, std::size_t) { pass.take(line); });
  if (!pass.is_whole)
    throw Error(ExitCode::unknown, std::string(name) + ": it ends before 'Transfer/sec'", "Let wrk end by itself.");
  auto report = std::move(pass.report);
  report.failed = report.failed.value_or(0) + pass.without;
  if (report.requests) report.requests = *report.requests + pass.without;
  return {.reading = weigh_load(std::move(report), name)};
}

bool recognises(std::string_view head) {
  const auto first = first_line(head);
  return first.starts_with("Running ") && first.find(" test @ ") != std::string_view::npos;
}

}  // namespace

extern const Format wrk{.id = "wrk", .kind = ReportKind::performance, .recognises = recognises, .read = read};

}  // namespace baton::precheck
