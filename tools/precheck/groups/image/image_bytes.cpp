// SOP 2a.4, "Pull and verify": what the registry hands out is what was built.
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation altered(std::string message) {
  return {.outcome = Outcome::fail,
          .observed = "other bytes",
          .message = std::move(message),
          .recovery = {"Do not deploy this image before it is known who altered it.",
                       "Build and push it again, from the commit of the release.", "Run baton-precheck again."}};
}

Observation observe(const Look& look) try {
  const auto& pulled = look.pulled_image();
  if (!pulled.altered.empty()) return altered(join(pulled.altered, "; "));
  if (pulled.failure) throw Error(*pulled.failure);
  if (pulled.layers.empty()) return {.message = "the image has no layers: there is nothing to verify"};
  return {.outcome = Outcome::pass,
          .observed = Measured(pulled.layers.size(), "layers"),
          .message = size_text(pulled.pulled_bytes) + " in " +
                     count_text(static_cast<long long>(pulled.layers.size()), "layer") + " pulled and hashed"};
} catch (const registry::WrongBytes& wrong) {
  return altered(wrong.what());
}

}  // namespace

extern const Check image_bytes{.id = "image-bytes",
                               .sop = "2a.4",
                               .title = "Image verified",
                               .expected = [](const Config&) { return Expected("every byte hashes to its digest"); },
                               .needs = "image",
                               .critical = true,
                               .observe = observe};

}  // namespace baton::precheck
