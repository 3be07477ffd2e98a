// LCOV's trace files: records of source files, a line each for what is told of one.
#include <charconv>
#include <optional>

#include "common/core/error.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/coverage_claim.h"
#include "tools/precheck/reports/lines.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kEnd = "end_of_record";

/// Up to a comma; nothing where it is no whole number of 0 or more.
std::optional<long long> number_in(std::string_view text) {
  text = text.substr(0, text.find(','));
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size() && number >= 0;
  return is_number ? std::optional(number) : std::nullopt;
}

/// "DA" of "DA:3,1"; empty where it is no line of a trace file.
std::string_view key_of(std::string_view line) {
  const auto key = line.substr(0, line.find(':'));
  const bool is_key = key.size() < line.size() &&
                      key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string_view::npos;
  return is_key ? key : std::string_view{};
}

/// What one pass over the report gathers.
struct Pass {
  std::string_view name;
  CoverageTally tally = {};
  std::string file = {};
  bool is_open = false;                 ///< a record
  std::optional<long long> found = {};  ///< lines, as the record that is open says
  std::optional<long long> hit = {};
  bool has_lines = false;  ///< the record that is open
  LineCount claim = {};
  bool is_claim_whole = true;  ///< every record with lines has counted them

  void open(std::string_view path, std::size_t number) {
    if (is_open && !file.empty()) refuse_line(name, number, "begins a record within a record");
    if (path.empty() || path.size() > kMaxPath)
      refuse_line(name, number, "names no source file, or one of over 4096 bytes");
    is_open = true;
    file = source_path("", path);
  }

  void line(std::string_view value, std::size_t number) {
    const auto comma = value.find(',');
    const auto at = number_in(value);
    const auto hits = comma == std::string_view::npos ? std::nullopt : number_in(value.substr(comma + 1));
    if (!at || !hits || *at > LineHits::kMaxLine) refuse_line(name, number, "has no number of a line and of its hits");
    if (file.empty()) refuse_line(name, number, "belongs to no source file");
    has_lines = true;
    tally.add(file, static_cast<std::uint32_t>(*at), *hits > 0);
  }

  void close(std::size_t number) {
    if (!is_open) refuse_line(name, number, "ends a record that never began");
    if (found && hit) {
      claim.valid += static_cast<double>(*found);
      claim.covered += static_cast<double>(*hit);
    }
    is_claim_whole = is_claim_whole && (!has_lines || (found && hit));
    found.reset();
    hit.reset();
    file.clear();
    is_open = has_lines = false;
  }

  void take(std::string_view text, std::size_t number) {
    if (text == kEnd) return close(number);
    if (text.empty() || text.starts_with('#')) return;
    const auto key = key_of(text);
    if (key.empty()) refuse_line(name, number, "is none of LCOV's");
    const auto value = text.substr(key.size() + 1);
    if (key == "TN") return;  // names a test, mostly nothing, and may stand before every record
    if (key == "SF") return open(value, number);
    if (!is_open) refuse_line(name, number, "stands outside of every record");
    if (key == "DA") return line(value, number);
    if (key == "LF") found = number_in(value);
    if (key == "LH") hit = number_in(value);
  }
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Pass pass{.name = name};
  for_each_line(bytes, name, [&](std::string_view text, std::size_t number) { pass.take(text, number); });
  if (pass.is_open)
    throw Error(ExitCode::unknown, std::string(name) + ": it ends within a record", "Build the report again.");
  if (pass.is_claim_whole && pass.tally.listed.valid > 0) pass.tally.claim = pass.claim;
  pass.tally.claimed_by = "records' counts";
  return {.reading = weigh_coverage(std::move(pass.tally), name)};
}

bool recognises(std::string_view head) {
  const auto first = first_line(head, "#");
  return first.starts_with("TN:") || first.starts_with("SF:");
}

}  // namespace

extern const Format lcov{.id = "lcov", .kind = ReportKind::coverage, .recognises = recognises, .read = read};

}  // namespace baton::precheck
