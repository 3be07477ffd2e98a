// SOP 2a.4, "docker inspect": platforms, what is started, labels, base.
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kShownLabels = 10;

std::string command_of(const registry::ImageConfig& config) {
  auto words = config.entrypoint;
  words.insert(words.end(), config.command.begin(), config.command.end());
  return printable(join(words, " "), 200);
}

/// What is wrong with one platform's image; empty: nothing.
std::string trouble_with(const ImageParts& parts) {
  if (command_of(parts.config).empty()) return parts.platform() + " has neither an entrypoint nor a command";
  // An index may name a variant that a configuration does not.
  if (!parts.image.platform.empty() && !parts.image.platform.starts_with(parts.config.platform))
    return parts.platform() + " is an image for " + parts.config.platform;
  return {};
}

std::string labels_of(const registry::ImageConfig& config) {
  std::vector<std::string> labels;
  for (const auto& [key, value] : config.labels) {
    if (labels.size() == kShownLabels) {
      labels.emplace_back("…");
      break;
    }
    labels.push_back(printable(key, 100) + "=" + printable(value, 100));
  }
  return labels.empty() ? "no labels" : "labels " + join(labels, ", ");
}

std::string base_of(const ImageParts& parts) {
  const auto label = parts.config.labels.find("org.opencontainers.image.base.name");
  const auto base = label == parts.config.labels.end() ? parts.image.base : label->second;
  return base.empty() ? "no base named" : "based on " + printable(base, 200);
}

Observation observe(const Look& look) {
  const auto& all = look.image_parts();
  std::vector<std::string> platforms;
  std::vector<std::string> troubles;
  for (const auto& parts : all) {
    platforms.push_back(parts.platform());
    if (auto trouble = trouble_with(parts); !trouble.empty()) troubles.push_back(std::move(trouble));
  }
  Observation seen{.outcome = troubles.empty() ? Outcome::pass : Outcome::warn, .observed = join(platforms, ", ")};
  seen.message = troubles.empty() ? "starts '" + command_of(all.front().config) + "'; " + base_of(all.front()) + "; " +
                                        labels_of(all.front().config)
                                  : join(troubles, "; ");
  if (!troubles.empty())
    seen.recovery = {"Name what is started with ENTRYPOINT, and build each platform's image for it."};
  return seen;
}

}  // namespace

extern const Check image_config{.id = "image-config",
                                .sop = "2a.4",
                                .title = "Image configuration",
                                .expected = [](const Config&) { return Expected("something to start, per platform"); },
                                .needs = "image",
                                .observe = observe};

}  // namespace baton::precheck
