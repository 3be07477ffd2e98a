// libs: baton_tool_precheck — windows and freezes: whatever is read opens, and closes after that.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/team/calendar.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto zone = baton::TimeZone::utc();
  const baton::Time now{std::chrono::hours(490'000)};
  baton::expect_only_errors([&] {
    const auto opening = baton::precheck::next_opening(baton::precheck::parse_window(text), zone, now);
    if (opening.from >= opening.until || now >= opening.until) std::abort();
  });
  baton::expect_only_errors([&] {
    const auto span = baton::precheck::span_of(baton::precheck::parse_freeze(text), zone);
    if (span.from >= span.until) std::abort();
  });
  return 0;
}
