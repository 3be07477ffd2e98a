// libs: baton_tool_precheck
// Any bytes are JUnit or Cobertura, or a baton::Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/reports/cobertura.h"
#include "tools/precheck/reports/junit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  baton::expect_only_errors([&] { baton::precheck::parse_junit(text, "fuzz"); });
  baton::expect_only_errors([&] { baton::precheck::parse_cobertura(text, "fuzz"); });
  return 0;
}
