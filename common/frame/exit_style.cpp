// The table of styles.
#include "common/frame/exit_style.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

constexpr int kWarning = 1;
constexpr int kCritical = 2;
constexpr int kNotKnown = 3;

/// Every other code says that nothing is known.
constexpr auto kNagios = std::to_array<std::pair<ExitCode, int>>({
    {ExitCode::proceed, 0},
    {ExitCode::again, 0},
    {ExitCode::stop, kCritical},
    {ExitCode::rolled_back, kCritical},
    {ExitCode::rollback_failed, kCritical},
});

int nagios_status(const Record& record) {
  if (record.code == ExitCode::proceed && record.result.verdict == Verdict::caution) return kWarning;
  const auto* const row = std::ranges::find(kNagios, record.code, &std::pair<ExitCode, int>::first);
  return row == kNagios.end() ? kNotKnown : row->second;
}

}  // namespace

int exit_status(const Record& record, std::string_view style) {
  if (style == "nagios") return nagios_status(record);
  return style == "job" && record.code == ExitCode::again ? 0 : static_cast<int>(record.code);
}

}  // namespace baton
