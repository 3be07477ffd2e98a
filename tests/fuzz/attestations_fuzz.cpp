// libs: baton_step — attestations.yaml: what is read has a box, words, a person.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/step/attestations.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] {
    for (const auto& one : baton::parse_attestations(text, "attestations.yaml").all) {
      if (one.box.empty() || one.says.empty() || one.by.empty()) std::abort();
    }
  });
  return 0;
}
