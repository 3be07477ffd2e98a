// Looks behind the Service on staging.
#include "tools/precheck/staging_pods.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/rollout/pods.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kShortDigest = 19;  // "sha256:" and twelve digits, as docker prints them

/// Of "docker-pullable://repository@sha256:…" and "repository@sha256:…"; an id alone is that of a configuration.
std::string digest_in(std::string_view reference) {
  const auto at = reference.rfind('@');
  return at == std::string_view::npos ? "" : std::string(reference.substr(at + 1));
}

StagingContainer container_of(const Json& spec, const Json& statuses) {
  StagingContainer container{.name = spec["name"].string_or(""), .pinned = digest_in(spec["image"].string_or(""))};
  for (const auto& status : statuses.items_or_none()) {
    if (status["name"] != spec["name"]) continue;
    container.digest = digest_in(status["imageID"].string_or(""));
    container.is_running = status["state"].find("running") != nullptr;
    container.restarts = static_cast<int>(status["restartCount"].integer_or(0));
  }
  return container;
}

StagingPod pod_of(const Json& json) {
  StagingPod pod{.name = rollout::name_of(json), .is_ready = rollout::is_ready(json)};
  for (const auto& spec : json["spec"]["containers"].items_or_none())
    pod.containers.push_back(container_of(spec, json["status"]["containerStatuses"]));
  return pod;
}

rollout::Labels selector_on(const rollout::Context& staging, const std::string& service) {
  const auto found = staging.kube.find(kube::kServices, service, staging.stop);
  if (!found) {
    throw Error(
        ExitCode::unknown,
        fmt::format("there is no Service '{}' in namespace '{}' of staging", service, staging.kube.namespace_name()),
        "Deploy the release to staging, or correct precheck.staging.kubernetes.");
  }
  auto selector = rollout::labels_from((*found)["spec"]["selector"]);
  if (selector.empty())
    throw Error(ExitCode::unknown, fmt::format("the Service '{}' on staging selects nobody", service),
                "Name the Service that the release's pods are behind in precheck.staging.kubernetes.service.");
  return selector;
}

}  // namespace

std::vector<StagingContainer> StagingPod::running(std::string_view digest) const {
  std::vector<StagingContainer> found;
  std::ranges::copy_if(containers, std::back_inserter(found),
                       [&](const auto& one) { return one.digest == digest || one.pinned == digest; });
  return found;
}

std::vector<StagingPod> staging_pods(const Look& look, rollout::Context& staging) {
  const auto& named = look.config().precheck().staging.service;
  const auto& service = named.empty() ? rollout::service_name(look.config()) : named;
  std::vector<StagingPod> pods;
  rollout::visit_pods_under(staging, selector_on(staging, service),
                            {.begin = [&] { pods.clear(); },
                             .take =
                                 [&](const Json& pod) {
                                   if (!rollout::is_terminating(pod) && !rollout::is_finished(pod))
                                     pods.push_back(pod_of(pod));
                                 }});
  if (pods.empty()) {
    throw Error(ExitCode::unknown, fmt::format("no pod is behind the Service '{}' on staging", service),
                "Deploy the release to staging.");
  }
  return pods;
}

const std::string& digest_of_release(const Look& look) {
  const auto& [name, manifest] = look.image();
  if (manifest) return manifest->digest;
  throw Error(ExitCode::unknown, "the digest of '" + name + "' is not known: the registry has no such tag",
              "Push it, or correct image and tag.");
}

std::string short_digest(std::string_view digest) { return printable(digest.substr(0, kShortDigest), kShortDigest); }

}  // namespace baton::precheck
