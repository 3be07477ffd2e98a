// libs: baton_rollout baton_clients baton_config baton_io baton_core
// Any text is a recorded move or a manifest, or a baton::Error; a move that is taken is written back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/rollout/lease_record.h"
#include "common/rollout/manifest.h"
#include "common/rollout/next.h"
#include "tests/fuzz/only_errors.h"

namespace {

void read_move(std::string_view text) {
  const auto move = baton::rollout::move_from_json(baton::parse_json(text, "fuzz"));
  const auto written = baton::to_text(baton::rollout::to_json(move));
  const auto again = baton::rollout::move_from_json(baton::parse_json(written, "fuzz"));
  if (baton::to_text(baton::rollout::to_json(again)) != written) std::abort();
}

void read_lease(std::string_view text) { baton::rollout::lease_record(baton::parse_json(text, "fuzz")); }

void read_manifest(std::string_view text) {
  const auto model = baton::rollout::manifest_in(text, "fuzz").deployment;
  baton::rollout::next_deployment(
      model, {.name = "shop-green", .colour = "green", .label = "version", .image = "shop@sha256:0"});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::expect_only_errors([&] { read_move(text); });
  baton::expect_only_errors([&] { read_lease(text); });
  baton::expect_only_errors([&] { read_manifest(text); });
  return 0;
}
