// SOP 2a.1, "Build with version tag": tag, label and release name one version.
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

std::string_view plain(std::string_view version) { return version.starts_with('v') ? version.substr(1) : version; }

/// The label of the first platform that has one; empty: none has.
std::string label_of(const std::vector<ImageParts>& all) {
  for (const auto& parts : all) {
    const auto found = parts.config.labels.find("org.opencontainers.image.version");
    if (found != parts.config.labels.end() && !found->second.empty()) return found->second;
  }
  return {};
}

/// A tag made of the release's version may have more to it: "{{semver}}-alpine".
bool is_made_of_version(const std::string& tag) {
  return tag.find("{{version}}") != std::string::npos || tag.find("{{semver}}") != std::string::npos;
}

Observation observe(const Look& look) {
  const auto& version = look.release().version;
  const auto tag = look.image_reference().tag;
  const auto label = label_of(look.image_parts());
  const bool tag_agrees = is_made_of_version(look.config().tag) || plain(tag) == plain(version);
  const bool agrees = label.empty() ? tag_agrees : plain(label) == plain(version);
  const auto said = label.empty() ? "without a label org.opencontainers.image.version"
                                  : "with the label '" + printable(label, 100) + "'";
  const auto message =
      "the tag '" + printable(tag, 128) + "' " + said + ", the release '" + printable(version, 100) + "'";
  if (agrees)
    return {.outcome = Outcome::pass, .observed = label.empty() ? tag : printable(label, 100), .message = message};
  return {.outcome = Outcome::warn,
          .observed = label.empty() ? tag : printable(label, 100),
          .message = message,
          .recovery = {"Build the image with the release's version as tag and as org.opencontainers.image.version."}};
}

}  // namespace

extern const Check image_version{.id = "image-version",
                                 .sop = "2a.1",
                                 .title = "Image version",
                                 .expected = [](const Config&) { return Expected("the release's"); },
                                 .needs = "image",
                                 .observe = observe};

}  // namespace baton::precheck
