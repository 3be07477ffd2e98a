// libs: baton_tool_precheck
// Any bytes are JUnit or Cobertura, or a baton::Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/core/error.h"
#include "tools/precheck/reports/cobertura.h"
#include "tools/precheck/reports/junit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    baton::precheck::parse_junit(text, "fuzz");
  } catch (const baton::Error&) {
  }
  try {
    baton::precheck::parse_cobertura(text, "fuzz");
  } catch (const baton::Error&) {
  }
  return 0;
}
