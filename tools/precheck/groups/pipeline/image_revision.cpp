// SOP 2a: the image is of the release's commit, by its label org.opencontainers.image.revision.
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/forge_look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kShortest = 7;  // what git shortens a hash to

bool is_same(const std::string& label, const std::string& commit) {
  return label.size() >= kShortest && commit.starts_with(to_lower(label));
}

Observation observe(const Look& look) {
  const auto commit = release_commit(look);
  std::vector<std::string> without;
  std::vector<std::string> others;
  for (const auto& parts : look.image_parts()) {
    const auto label = parts.config.labels.find("org.opencontainers.image.revision");
    if (label == parts.config.labels.end() || label->second.empty()) {
      without.push_back(parts.platform());
    } else if (!is_same(label->second, commit)) {
      others.push_back(parts.platform() + ": " + printable(label->second, 100));
    }
  }
  if (!others.empty()) {
    return {.outcome = Outcome::fail,
            .observed = join(others, ", "),
            .message = "the image was built from another commit than " + commit,
            .recovery = {"Build the image from the release's commit."}};
  }
  if (!without.empty()) {
    return {.outcome = Outcome::warn,
            .observed = "no label",
            .message = "of what commit the image was built it does not say (" + join(without, ", ") + ")",
            .recovery = {"Label the image with org.opencontainers.image.revision when it is built."}};
  }
  return {.outcome = Outcome::pass, .observed = commit, .message = "built from " + commit};
}

}  // namespace

extern const Check image_revision{.id = "image-revision",
                                  .sop = "2a.1",
                                  .title = "Image of this commit",
                                  .expected = [](const Config&) { return Expected("the release's commit"); },
                                  .needs = "image",
                                  .observe = observe};

}  // namespace baton::precheck
