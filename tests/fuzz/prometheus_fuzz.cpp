// libs: baton_clients — what Prometheus answers.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/clients/prometheus/client.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  baton::expect_only_errors(
      [&] { baton::prometheus::parse_answer(std::string(reinterpret_cast<const char*>(bytes), size), "prometheus"); });
  return 0;
}
