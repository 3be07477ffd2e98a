// JMeter's sample log as CSV: a row for each request, with a header or without.
#include <algorithm>
#include <array>
#include <charconv>

#include "common/core/error.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/csv.h"
#include "tools/precheck/reports/latencies.h"
#include "tools/precheck/reports/lines.h"
#include "tools/precheck/reports/load.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kNone = std::string::npos;
constexpr std::array kSeparators = {',', ';', '\t', '|'};
// What JMeter writes of a transaction: the requests that it is made of have rows of their own.
constexpr std::string_view kTransaction = "Number of samples in transaction";

/// Where the columns stand. Without a header they stand as JMeter's defaults have it.
struct Columns {
  std::size_t count = 0;
  std::size_t stamp = 0;
  std::size_t elapsed = 1;
  std::size_t message = 4;
  std::size_t success = 7;
};

struct Layout {
  char separator = ',';
  bool has_header = false;
  Columns columns = {};
};

std::size_t place_of(const std::vector<std::string>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name);
  return found == fields.end() ? kNone : static_cast<std::size_t>(found - fields.begin());
}

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  return is_number ? std::optional(number) : std::nullopt;
}

std::optional<bool> truth(std::string_view text) {
  if (text == "true" || text == "false") return text == "true";
  return std::nullopt;
}

std::optional<Layout> layout_of(std::string_view first, char separator) {
  const auto fields = csv_fields(first, separator);
  const Columns named{.count = fields.size(),
                      .stamp = place_of(fields, "timeStamp"),
                      .elapsed = place_of(fields, "elapsed"),
                      .message = place_of(fields, "responseMessage"),
                      .success = place_of(fields, "success")};
  if (named.elapsed != kNone && (named.stamp != kNone || named.success != kNone))
    return Layout{.separator = separator, .has_header = true, .columns = named};
  const Columns usual{.count = fields.size()};
  const bool is_row = fields.size() > usual.success && !fields[0].empty() && whole(fields[usual.elapsed]) &&
                      truth(fields[usual.success]);
  return is_row ? std::optional(Layout{.separator = separator, .columns = usual}) : std::nullopt;
}

std::optional<Layout> layout_of_line(std::string_view first) {
  for (const char separator : kSeparators) {
    if (auto layout = layout_of(first, separator)) return layout;
  }
  return std::nullopt;
}

struct Sum {
  Latencies latencies = {};
  double failed = 0;
};

/// What one pass over the rows gathers.
struct Pass {
  std::string_view name;
  Layout layout = {};
  Sum requests = {};
  Sum transactions = {};
  std::string last = {};  ///< time stamp

  static std::string_view field(std::span<const std::string> fields, std::size_t at) {
    return at < fields.size() ? std::string_view(fields[at]) : std::string_view{};
  }

  void take(std::span<const std::string> fields, std::size_t number) {
    if (number == 1 && layout.has_header) return;
    const auto& columns = layout.columns;
    const auto elapsed = whole(field(fields, columns.elapsed));
    const auto success = truth(field(fields, columns.success));
    if (fields.size() != columns.count) refuse_line(name, number, "has more or fewer fields than the first");
    if (!elapsed) refuse_line(name, number, "does not tell how long the request took");
    if (!success && columns.success != kNone) refuse_line(name, number, "does not tell whether the request succeeded");
    auto& sum = field(fields, columns.message).starts_with(kTransaction) ? transactions : requests;
    sum.latencies.add(*elapsed);
    if (success == false) ++sum.failed;
    last = field(fields, columns.stamp);
  }

  /// Where only transactions were written they are what was asked for.
  LoadReport report() const {
    const auto& sum = requests.latencies.count() > 0 ? requests : transactions;
    LoadReport report{.p95_ms = sum.latencies.percentile(95),
                      .basis = P95::Basis::computed,
                      .requests = static_cast<double>(sum.latencies.count())};
    if (layout.columns.success != kNone) report.failed = sum.failed;
    return report;
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  const auto choose = [&](std::string_view first) {
    const auto layout = layout_of_line(first);
    if (!layout)
      throw Error(ExitCode::unknown, std::string(name) + ": it is no sample log of JMeter", "Name JMeter's .jtl file.");
    pass.layout = *layout;
    return layout->separator;
  };
  parse_csv(bytes, name, choose,
            [&](std::span<const std::string> fields, std::size_t number) { pass.take(fields, number); });
  return {.reading = weigh_load(pass.report(), name), .written = parse_stamp(pass.last)};
}

}  // namespace

extern const Format jmeter_csv{
    .id = "jmeter-csv",
    .kind = ReportKind::performance,
    .recognises = [](std::string_view head) { return layout_of_line(first_line(head)).has_value(); },
    .read = read};

}  // namespace baton::precheck
