// libs: baton_clients — what Prometheus answers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/prometheus.h"
#include "common/core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  try {
    baton::prometheus::parse_answer({reinterpret_cast<const char*>(bytes), size}, "prometheus");
  } catch (const baton::Error&) {
    // every bad answer is refused this way
  }
  return 0;
}
