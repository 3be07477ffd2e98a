// The next colour's Deployment.
#include "common/rollout/next.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::rollout {
namespace {

// What belongs to the object that was the model, not to its copy: revisions, and marks by which Helm, Argo CD and Flux
// would take the copy for their own and delete it.
constexpr std::string_view kNotCopied[] = {
    "deployment.kubernetes.io/",
    "kubectl.kubernetes.io/last-applied",
    "meta.helm.sh/",
    "argocd.argoproj.io/",
    "kustomize.toolkit.fluxcd.io/",
    "helm.toolkit.fluxcd.io/",
    "baton/",
};

bool is_copied(std::string_view key) {
  return std::ranges::none_of(kNotCopied, [&](std::string_view prefix) { return key.starts_with(prefix); });
}

Labels copied(const Json& pairs) {
  Labels kept = labels_from(pairs);
  std::erase_if(kept, [](const auto& pair) { return !is_copied(pair.first); });
  return kept;
}

Json metadata_for(const Json& model, const NextColour& next) {
  auto labels = with(copied(model["metadata"]["labels"]), next.label, next.colour);
  if (const auto found = labels.find("app.kubernetes.io/managed-by"); found != labels.end()) labels.erase(found);
  auto annotations = with(copied(model["metadata"]["annotations"]), kIdAnnotation, next.id);
  annotations = with(annotations, kVersionAnnotation, next.version);
  return Json::object({{"name", next.name}, {"labels", to_json(labels)}, {"annotations", to_json(annotations)}});
}

std::string container_names(const Json::Array& containers) {
  std::vector<std::string> names;
  for (const auto& container : containers) names.push_back(container["name"].string_or(""));
  return join(names, ", ");
}

bool is_wanted(const Json& container, const NextColour& next) {
  if (!next.container.empty()) return container["name"].string_or("") == next.container;
  return repository_of(container["image"].string_or("")) == next.repository;
}

[[noreturn]] void refuse_containers(const Json::Array& containers, const NextColour& next) {
  const auto names = container_names(containers);
  if (!next.container.empty()) {
    throw Error(ExitCode::usage,
                fmt::format("template of '{}' has no container '{}', only '{}'", next.name, next.container, names),
                "Correct kubernetes.container.");
  }
  throw Error(
      ExitCode::usage,
      fmt::format("no container of '{}' runs an image of '{}', they are '{}'", next.name, next.repository, names),
      "Name the container to change in kubernetes.container.");
}

/// An init container or a sidecar of the same image belongs to the release as well: it would run the version before.
void set_images(Json& spec, const NextColour& next) {
  if (!spec["containers"].is_array())
    throw Error(ExitCode::usage, fmt::format("template of '{}' has no containers", next.name));
  int changed = 0;
  for (const auto* kind : {"containers", "initContainers"}) {
    if (!std::as_const(spec)[kind].is_array()) continue;
    for (auto& container : spec[kind].items()) {
      if (!is_wanted(container, next)) continue;
      container["image"] = next.image;
      ++changed;
    }
  }
  auto& containers = spec["containers"].items();
  if (changed > 0) return;
  if (!next.container.empty() || containers.size() != 1) refuse_containers(containers, next);
  containers.front()["image"] = next.image;
}

void require_selected(const Labels& labels, const NextColour& next) {
  for (const auto& [key, value] : next.selector) {
    const auto found = labels.find(key);
    if (found != labels.end() && found->second == value) continue;
    throw Error(ExitCode::usage,
                fmt::format("pods of '{}' would not get traffic: they lack the label '{}={}'", next.name, key, value),
                "Add the label to the pod template of the manifest.");
  }
}

}  // namespace

Labels selector_made_of(const Json& model, const std::string& label, const std::string& colour) {
  return with(without(labels_from(model["spec"]["selector"]["matchLabels"]), kTemplateHash), label, colour);
}

Json next_deployment(const Json& model, const NextColour& next) {
  auto spec = model["spec"];
  spec["replicas"] = std::max(next.live_replicas, replicas_of(model));
  spec.erase("paused");
  spec["selector"]["matchLabels"] = to_json(selector_made_of(model, next.label, next.colour));
  auto& metadata = spec["template"]["metadata"];
  const auto labels = with(without(labels_from(metadata["labels"]), kTemplateHash), next.label, next.colour);
  require_selected(labels, next);
  metadata["labels"] = to_json(labels);
  metadata.erase("creationTimestamp");
  set_images(spec["template"]["spec"], next);
  return Json::object({{"apiVersion", "apps/v1"},
                       {"kind", "Deployment"},
                       {"metadata", metadata_for(model, next)},
                       {"spec", std::move(spec)}});
}

Json with_images(Json deployment, const std::map<std::string, std::string>& containers, const std::string& image) {
  auto& spec = deployment["spec"]["template"]["spec"];
  for (const auto* kind : {"containers", "initContainers"}) {
    if (!std::as_const(spec)[kind].is_array()) continue;
    for (auto& container : spec[kind].items()) {
      if (containers.contains(container["name"].string_or(""))) container["image"] = image;
    }
  }
  return deployment;
}

std::string repository_of(std::string_view image) {
  const auto without_digest = image.substr(0, image.find('@'));
  const auto colon = without_digest.rfind(':');
  const auto slash = without_digest.rfind('/');
  const bool has_tag = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return std::string(has_tag ? without_digest.substr(0, colon) : without_digest);
}

std::string id_of(const Json& deployment) { return deployment["metadata"]["annotations"][kIdAnnotation].string_or(""); }

}  // namespace baton::rollout
