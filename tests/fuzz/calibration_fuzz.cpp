// libs: baton_judge baton_clients baton_config baton_io baton_core
// Any text is a calibration or a baton::Error; one that is taken is written back the same, and can be asked anything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/judge/calibration.h"
#include "tests/fuzz/only_errors.h"

namespace {

void read(std::string_view text) {
  const auto made = baton::judge::calibration_from_text(text, "fuzz");
  const auto written = baton::to_text(baton::judge::to_json(made));
  if (baton::to_text(baton::judge::to_json(baton::judge::calibration_from_text(written, "fuzz"))) != written)
    std::abort();
  made.rolled_back();
  for (const auto& detection : made.detections) detection.smallest();
  baton::judge::changes(made, baton::Config{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  baton::expect_only_errors([&] { read({reinterpret_cast<const char*>(bytes), size}); });
  return 0;
}
