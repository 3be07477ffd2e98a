// libs: baton_judge — the selectors in a query of the configuration's own.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/judge/scrapes.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  baton::expect_only_errors([&] { baton::judge::newest_samples_query({reinterpret_cast<const char*>(bytes), size}); });
  return 0;
}
