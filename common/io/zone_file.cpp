// The database as systems keep it: a file a zone.
#include "common/io/zone_file.h"

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/io/files.h"

namespace baton {
namespace {

constexpr std::size_t kMaxZoneBytes = 1U << 20U;
constexpr std::array<std::string_view, 3> kUtcNames = {"UTC", "Z", "Etc/UTC"};

bool is_zone_name(std::string_view name) {
  const auto is_part = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/_+-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 100 && name.front() != '/' && std::ranges::all_of(name, is_part);
}

}  // namespace

TimeZone load_zone(std::string_view name, const Environment& environment) {
  if (std::ranges::find(kUtcNames, name) != kUtcNames.end()) return TimeZone::utc();
  const fs::path folder = environment.value_or("TZDIR", "/usr/share/zoneinfo");
  const auto bytes = is_zone_name(name) ? read_file_if_exists(folder / name, kMaxZoneBytes) : std::nullopt;
  if (!bytes)
    throw Error(ExitCode::unknown,
                "time zone '" + printable(name, 100) + "' is not in " + printable(folder.string(), 200),
                "Correct its name, install tzdata (or set TZDIR), or write the time in UTC.");
  return TimeZone::from_tzif(*bytes, std::string(name));
}

}  // namespace baton
