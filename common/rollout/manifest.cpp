// From the manifest's text to its objects.
#include "common/rollout/manifest.h"

#include <fmt/format.h>

#include <utility>

#include "common/config/sections/kubernetes.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/yaml.h"
#include "common/io/files.h"
#include "common/rollout/config_maps.h"

namespace baton::rollout {
namespace {

std::string kind_of(const Json& object) { return object["kind"].string_or(""); }

std::vector<Json> objects_in(std::string_view text, std::string_view name) {
  std::vector<Json> objects;
  for (const auto& document : parse_yaml_documents(text, name)) {
    const auto json = to_json(document);
    if (!json.is_object()) continue;
    const auto& items = json["items"].items_or_none();
    if (kind_of(json).ends_with("List")) {
      objects.insert(objects.end(), items.begin(), items.end());
    } else {
      objects.push_back(json);
    }
  }
  return objects;
}

void refuse_secret(const Json& object, std::string_view name) {
  if (kind_of(object) != "Secret") return;
  throw Error(ExitCode::usage,
              fmt::format("manifest '{}' holds the Secret '{}': what is secret is not read here", name,
                          object["metadata"]["name"].string_or("")),
              "Take it out of the file that kubernetes.manifest names; create it by itself before the release.");
}

}  // namespace

Manifest manifest_in(std::string_view text, std::string_view name) {
  Manifest manifest{.name = std::string(name)};
  long long deployments = 0;
  for (auto& object : objects_in(text, name)) {
    refuse_secret(object, name);
    if (kind_of(object) != "Deployment") {
      manifest.beside.push_back(std::move(object));
    } else {
      manifest.deployment = std::move(object);
      ++deployments;
    }
  }
  if (deployments == 1) return manifest;
  throw Error(ExitCode::usage,
              fmt::format("manifest '{}' holds {}, expected one", name, count_text(deployments, "Deployment")),
              "Name a file with exactly one Deployment in kubernetes.manifest.");
}

std::optional<Manifest> manifest_of(const Config& config) {
  const auto& name = config.kubernetes().manifest;
  if (name.empty()) return std::nullopt;
  return manifest_in(read_file(name), name);
}

bool is_configuration(const Manifest& manifest, const Json& object) {
  return kind_of(object) == "ConfigMap" &&
         config_maps_of(manifest.deployment).contains(object["metadata"]["name"].string_or(""));
}

std::vector<std::string> applied_names(const Manifest& manifest) {
  std::vector<std::string> names;
  for (const auto& object : manifest.beside) {
    if (!is_configuration(manifest, object)) names.push_back(object_text(object));
  }
  return names;
}

std::string object_text(const Json& object) {
  return fmt::format("{} '{}'", kind_of(object), object["metadata"]["name"].string_or(""));
}

}  // namespace baton::rollout
