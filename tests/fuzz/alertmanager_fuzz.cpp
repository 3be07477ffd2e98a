// libs: baton_clients — Alertmanager's list of alerts.
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/clients/alertmanager.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  baton::expect_only_errors(
      [&] { baton::alertmanager::parse_alerts(std::string(reinterpret_cast<const char*>(bytes), size), "alerts"); });
  return 0;
}
