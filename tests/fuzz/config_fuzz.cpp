// libs: baton_config baton_io baton_core
// Any bytes are a configuration, or a value set from outside, or a baton::Error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/config/config.h"
#include "common/config/loaded.h"
#include "common/config/loader.h"
#include "tests/fuzz/only_errors.h"

namespace {

void use(const baton::LoadedConfig& loaded) {
  loaded.printed();
  loaded.policy_sha256();
  loaded.require_set("migrate");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  // What a path leads to is no business of this target: it might be a pipe that never ends.
  if (text.find("file:") != std::string::npos) return 0;
  const baton::Environment environment({{"A", "a"}, {"B", "5m"}});
  baton::expect_only_errors([&] { use(baton::load_config({.text = text}, environment)); });
  const auto equals = text.find('=');
  if (equals == std::string::npos) return 0;
  baton::expect_only_errors([&] {
    use(baton::load_config(
        {.text = "app: shop", .overrides = {{text.substr(0, equals), text.substr(equals + 1), "--set"}}}, environment));
  });
  return 0;
}
