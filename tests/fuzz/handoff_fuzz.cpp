// libs: baton_handoff baton_core
// Any bytes are a handoff, its bundle or a trusted key, or a baton::Error; what is taken is written back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/handoff/handoff.h"
#include "common/handoff/signature.h"
#include "tests/fuzz/only_errors.h"

namespace {

void read_back(std::string_view text) {
  const baton::Handoff handoff = baton::parse_handoff(text, "fuzz.json");
  const std::string bytes = baton::to_bytes(handoff);
  if (baton::to_bytes(baton::parse_handoff(bytes, "fuzz.json")) != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] { read_back(text); });
  baton::expect_only_errors([&] { baton::verify_bundle(text, "payload", {}, "precheck"); });
  baton::expect_only_errors([&] { baton::parse_trust_key(text, "key"); });
  return 0;
}
