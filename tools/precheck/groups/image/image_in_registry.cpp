// SOP 2a: the image is in the registry; its digest is what is deployed.
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto& image = look.image();
  if (!image.manifest) {
    return {.outcome = Outcome::fail,
            .observed = "absent",
            .message = "the registry has no '" + printable(image.name, 200) + "'",
            .recovery = {"Push it, if the build has not; if it has another tag, say how tags are made of releases: "
                         "tag: \"v{{version}}\", \"{{semver}}\".",
                         "Run baton-precheck again."}};
  }
  return {.outcome = Outcome::pass,
          .observed = image.manifest->digest,
          .message = image.name + " is " + image.manifest->digest};
}

}  // namespace

extern const Check image_in_registry{.id = "image-in-registry",
                                     .sop = "2a.3",
                                     .title = "Image",
                                     .expected = [](const Config&) { return Expected("present, with a digest"); },
                                     .needs = "image",
                                     .critical = true,
                                     .observe = observe};

}  // namespace baton::precheck
