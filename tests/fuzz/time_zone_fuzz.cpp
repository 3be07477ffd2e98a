// libs: baton_core — files of the time zone database, and the rules in their footers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/core/time_zone.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  constexpr std::chrono::hours kMost(200 * 24);
  for (const long long hours : {-900'000LL, 0LL, 490'000LL, 900'000LL}) {
    const baton::Time time{std::chrono::hours(hours)};
    if (const auto zone = baton::parse_posix_zone(text); zone && zone->offset_at(time) > kMost) std::abort();
    baton::expect_only_errors([&] {
      const auto zone = baton::TimeZone::from_tzif(text, "fuzz");
      zone.to_utc(zone.to_local(time));
    });
  }
  return 0;
}
