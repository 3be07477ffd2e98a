// libs: baton_clients — what PagerDuty and Opsgenie answer.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/on_call.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const baton::Time from{std::chrono::hours(490'000)};
  for (const auto parse : {baton::on_call::parse_pagerduty, baton::on_call::parse_opsgenie}) {
    baton::expect_only_errors([&] {
      const auto turns = parse(baton::parse_json(text, "fuzz.json"), "fuzz.json");
      baton::on_call::first_gap(turns, from, from + std::chrono::hours(3));
    });
  }
  return 0;
}
