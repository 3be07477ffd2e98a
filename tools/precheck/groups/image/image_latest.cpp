// SOP 2a.1 and 2a.3, "docker tag myapp:v1.6.0 myapp:latest": where there is such a tag, it is this image.
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  auto latest = look.image_reference();
  const auto ours = latest.digest;
  latest.digest.clear();
  latest.tag = "latest";
  const auto manifest = look.registry().resolve(latest, look.stop());
  if (!manifest) return {.outcome = Outcome::pass, .observed = "absent", .message = "the repository has no 'latest'"};
  if (manifest->digest == ours)
    return {.outcome = Outcome::pass, .observed = manifest->digest, .message = "'latest' is this image"};
  return {.outcome = Outcome::warn,
          .observed = manifest->digest,
          .message = "'latest' is " + manifest->digest + ", the release is " + ours,
          .recovery = {"Push the release as 'latest', too, or remove that tag: whoever pulls it gets another image."}};
}

}  // namespace

extern const Check image_latest{.id = "image-latest",
                                .sop = "2a.3",
                                .title = "Tag latest",
                                .expected = [](const Config&) { return Expected("absent, or this digest"); },
                                .needs = "image",
                                .observe = observe};

}  // namespace baton::precheck
