// SOP, "Rollback Procedure": what was rolled back comes again only when somebody says so.
#include "common/rollout/refusals.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  auto context = look.context();
  const auto& image = look.image();
  if (!image.manifest) return {.message = "the registry has no '" + image.name + "'"};
  auto found = rollout::refused_digest(context, image.manifest->digest);
  if (!found) return {.outcome = Outcome::pass, .message = "it was not"};
  return {.outcome = Outcome::fail,
          .observed = std::move(found->observed),
          .message = std::move(found->message),
          .recovery = std::move(found->recovery)};
}

}  // namespace

extern const Check digest_not_refused{.id = "digest-not-refused",
                                      .sop = "2c",
                                      .title = "The image was not rolled back before",
                                      .expected = [](const Config&) { return Expected("not rolled back before"); },
                                      .needs = "image",
                                      .critical = true,
                                      .observe = observe};

}  // namespace baton::precheck
