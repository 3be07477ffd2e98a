// libs: baton_clients — commits and the deltas of packs.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/git_history.h"
#include "common/clients/git_objects.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] { baton::git::parse_commit(text, "fuzz").is_breaking(); });
  const auto half = size / 2;
  baton::expect_only_errors([&] { baton::git::apply_delta(text.substr(0, half), text.substr(half)); });
  return 0;
}
