// libs: baton_core
// Any bytes are YAML or a baton::Error; as JSON it can always be written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/core/yaml.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] { baton::to_text(baton::to_json(baton::parse_yaml(text, "fuzz.yaml"))); });
  baton::expect_only_errors([&] { baton::parse_yaml_documents(text, "fuzz.yaml"); });
  return 0;
}
