// SOP 2a: the image is in the registry; its digest is what is deployed.
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/subject.h"

namespace baton::precheck {
namespace {

Observation observe(CheckContext& context) {
  const auto image = resolve_image(context.env);
  if (!image.manifest) {
    return {.outcome = Outcome::fail,
            .observed = "absent",
            .message = "the registry has no '" + printable(image.name, 200) + "'"};
  }
  return {.outcome = Outcome::pass,
          .observed = image.manifest->digest,
          .message = image.name + " is " + image.manifest->digest};
}

}  // namespace

extern const Check image_in_registry{.id = "image-in-registry",
                                     .sop = "2a.3",
                                     .group = "image",
                                     .title = "Image",
                                     .expected = "present, with a digest",
                                     .needs = "image",
                                     .critical = true,
                                     .observe = observe};

}  // namespace baton::precheck
