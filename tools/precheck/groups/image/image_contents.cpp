// SOP 2a.2, "Optimize Image": multi-stage, without development dependencies. Hints, by the names of what is in it.
#include <map>

#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto& pulled = look.pulled_image();
  std::map<std::string, std::string, std::less<>> found;
  for (const auto& [digest, layer] : pulled.layers) found.insert(layer.leftovers.begin(), layer.leftovers.end());
  if (found.empty()) {
    if (pulled.failure) throw Error(*pulled.failure);
    if (pulled.layers.empty()) return {.message = "no layer could be looked through"};
    return {.outcome = Outcome::pass, .message = "no compilers, caches, repositories or development packages"};
  }
  std::vector<std::string> said;
  for (const auto& [kind, path] : found) said.push_back(kind + " ('" + path + "')");
  return {.outcome = Outcome::warn,
          .observed = Measured(found.size(), "kinds of leftovers"),
          .message = "it holds " + join(said, ", "),
          .recovery = {"Build in stages, and copy only what runs into the last one.",
                       "Name what stays outside in .dockerignore."}};
}

}  // namespace

extern const Check image_contents{.id = "image-contents",
                                  .sop = "2a.2",
                                  .title = "Image contents",
                                  .expected = [](const Config&) { return Expected("nothing that only a build needs"); },
                                  .needs = "image",
                                  .observe = observe};

}  // namespace baton::precheck
