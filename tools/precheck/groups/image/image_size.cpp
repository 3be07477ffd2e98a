// SOP 2a.4, "Verify size", and Error Handling, "Image size too large (> 1GB)"; decisions 12.
#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Expected expected(const Config& config) {
  const auto& limits = config.precheck().image;
  return {"<=", Measured(limits.warn.bytes, "B"), "over " + size_text(limits.max.bytes) + " stops"};
}

Outcome judged(std::int64_t bytes, const ImageConfig& limits) {
  if (bytes > limits.max.bytes) return Outcome::fail;
  return bytes > limits.warn.bytes ? Outcome::warn : Outcome::pass;
}

Observation observe(const Look& look) {
  const auto& pulled = look.pulled_image();
  std::vector<std::string> sizes;
  std::optional<std::int64_t> largest;
  for (const auto& parts : look.image_parts()) {
    const auto bytes = pulled.content_bytes(parts);
    const auto packed = size_text(parts.image.compressed_bytes()) + " compressed";
    sizes.push_back(parts.platform() + ": " + (bytes ? size_text(*bytes) + ", " + packed : packed));
    if (bytes && !parts.image.layers.empty()) largest = std::max(largest.value_or(0), *bytes);
  }
  const auto& limits = look.config().precheck().image;
  const auto outcome = largest ? judged(*largest, limits) : Outcome::unknown;
  // What was read is too large whatever the rest holds; that it is small enough needs all of it.
  if (outcome != Outcome::fail && pulled.failure) throw Error(*pulled.failure);
  Observation seen{.outcome = outcome, .message = join(sizes, "; ")};
  if (largest) seen.observed = Measured(*largest, "B");
  if (outcome != Outcome::pass)
    seen.recovery = {"Build in stages, and copy only what runs into the last one.",
                     "Remove development dependencies; start from a distroless or alpine image.",
                     "Run baton-precheck again."};
  return seen;
}

}  // namespace

extern const Check image_size{.id = "image-size",
                              .sop = "2a.4",
                              .title = "Image size",
                              .expected = expected,
                              .needs = "image",
                              .critical = true,
                              .observe = observe};

}  // namespace baton::precheck
