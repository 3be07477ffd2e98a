// libs: baton_clients — what a Redis server answers: replies, and INFO in one of them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/clients/redis/info.h"
#include "common/clients/redis/reply.h"
#include "tests/fuzz/only_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] {
    const auto parsed = baton::redis::parse_reply(text);
    if (parsed) baton::redis::parse_info(parsed->reply.text);
  });
  baton::expect_only_errors([&] { baton::redis::parse_info(text); });
  return 0;
}
