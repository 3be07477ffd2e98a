// libs: baton_tool_precheck
// Any bytes are a report of a known format, or a baton::Error. The seeds are named by their format.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/report_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baton::precheck;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto head = std::string_view(text).substr(0, kHeadBytes);
  baton::expect_only_errors([&] { format_of(head, ReportKind::tests, "fuzz"); });
  for (const auto* format : formats()) {
    std::istringstream bytes(text);
    baton::expect_only_errors([&] { format->read(bytes, "fuzz"); });
  }
  return 0;
}
