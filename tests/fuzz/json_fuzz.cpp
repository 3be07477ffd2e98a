// libs: baton_core
// Any bytes are JSON or a baton::Error; what is taken is written as JSON that reads back as the same value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/core/error.h"
#include "common/core/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    const baton::Json value = baton::parse_json(text, "fuzz.json");
    if (!(baton::parse_json(baton::to_text(value), "written") == value)) std::abort();
    if (!(baton::parse_json(baton::to_pretty_text(value), "written") == value)) std::abort();
    baton::resolve_pointer(value, text);
  } catch (const baton::Error& error) {
    if (std::string_view(error.what()).starts_with("written")) std::abort();
  }
  return 0;
}
