// SOP 2a.4, "docker inspect": whoever breaks into a process that runs as root is root in its container.
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  std::vector<std::string> as_root;
  std::string user;
  for (const auto& parts : look.image_parts()) {
    if (parts.config.runs_as_root()) as_root.push_back(parts.platform());
    user = printable(parts.config.user, 100);
  }
  if (as_root.empty()) return {.outcome = Outcome::pass, .observed = user, .message = "runs as '" + user + "'"};
  return {
      .outcome = Outcome::warn,
      .observed = "root",
      .message = "runs as root unless the manifest says otherwise (" + join(as_root, ", ") + ")",
      .recovery = {"Name a user in the Dockerfile (USER 10001), or set runAsNonRoot and runAsUser in the manifest."}};
}

}  // namespace

extern const Check image_user{.id = "image-user",
                              .sop = "2a.4",
                              .title = "Image user",
                              .expected = [](const Config&) { return Expected("not root"); },
                              .needs = "image",
                              .observe = observe};

}  // namespace baton::precheck
