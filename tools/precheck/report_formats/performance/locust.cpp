// Locust's _stats.csv: a row for each path, and one for all.
#include <charconv>
#include <cmath>
#include <map>

#include "common/core/error.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/csv.h"
#include "tools/precheck/reports/lines.h"
#include "tools/precheck/reports/load.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kAll = "Aggregated";

bool is_header(std::span<const std::string> fields) {
  return fields.size() > 3 && fields[0] == "Type" && fields[1] == "Name" && fields[2] == "Request Count" &&
         fields[3] == "Failure Count";
}

/// Nothing where it is none: "N/A" where no request was made.
std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The header, and the row of all.
struct Table {
  std::string_view name;
  std::vector<std::string> columns = {};
  std::map<std::string, std::string> all = {};

  void take(std::span<const std::string> fields, std::size_t number) {
    if (number == 1) {
      if (!is_header(fields)) refuse_line(name, number, "is no header of Locust's statistics");
      columns.assign(fields.begin(), fields.end());
      return;
    }
    if (fields.size() != columns.size()) refuse_line(name, number, "has more or fewer fields than the header");
    if (fields[1] != kAll) return;
    if (!all.empty()) refuse_line(name, number, "is a second row of all requests");
    for (std::size_t at = 0; at < columns.size(); ++at) all[columns[at]] = fields[at];
  }

  std::optional<double> of(const std::string& column) const {
    const auto found = all.find(column);
    return found == all.end() ? std::nullopt : number_of(found->second);
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Table table{.name = name};
  parse_csv(
      bytes, name, [](std::string_view) { return ','; },
      [&](std::span<const std::string> fields, std::size_t number) { table.take(fields, number); });
  if (table.all.empty()) {
    throw Error(ExitCode::unknown, std::string(name) + ": it has no row 'Aggregated'",
                "Let Locust end by itself, and name its _stats.csv.");
  }
  return {.reading = weigh_load({.p95_ms = table.of("95%"),
                                 .p99_ms = table.of("99%"),
                                 .requests = table.of("Request Count"),
                                 .failed = table.of("Failure Count")},
                                name)};
}

}  // namespace

extern const Format locust{
    .id = "locust",
    .kind = ReportKind::performance,
    .recognises = [](std::string_view head) { return is_header(csv_fields(first_line(head), ',')); },
    .read = read};

}  // namespace baton::precheck
