// SOP 2c, before minute zero: every API that the manifest uses is served by this cluster, and will be by the next one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/rollout/manifest.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// Kubernetes' "Deprecated API Migration Guide": of what a manifest beside a Deployment may hold.
struct Ended {
  std::string_view api_version;
  std::string_view kind;
  std::string_view last;         ///< Kubernetes version that served it last
  std::string_view replacement;  ///< empty: there is none
};
constexpr std::array kEnded = {
    Ended{"extensions/v1beta1", "Deployment", "1.15", "apps/v1"},
    Ended{"apps/v1beta1", "Deployment", "1.15", "apps/v1"},
    Ended{"apps/v1beta2", "Deployment", "1.15", "apps/v1"},
    Ended{"apps/v1beta1", "StatefulSet", "1.15", "apps/v1"},
    Ended{"apps/v1beta2", "StatefulSet", "1.15", "apps/v1"},
    Ended{"extensions/v1beta1", "DaemonSet", "1.15", "apps/v1"},
    Ended{"apps/v1beta2", "DaemonSet", "1.15", "apps/v1"},
    Ended{"extensions/v1beta1", "NetworkPolicy", "1.15", "networking.k8s.io/v1"},
    Ended{"extensions/v1beta1", "PodSecurityPolicy", "1.15", ""},
    Ended{"extensions/v1beta1", "Ingress", "1.21", "networking.k8s.io/v1"},
    Ended{"networking.k8s.io/v1beta1", "Ingress", "1.21", "networking.k8s.io/v1"},
    Ended{"networking.k8s.io/v1beta1", "IngressClass", "1.21", "networking.k8s.io/v1"},
    Ended{"rbac.authorization.k8s.io/v1beta1", "Role", "1.21", "rbac.authorization.k8s.io/v1"},
    Ended{"rbac.authorization.k8s.io/v1beta1", "RoleBinding", "1.21", "rbac.authorization.k8s.io/v1"},
    Ended{"rbac.authorization.k8s.io/v1beta1", "ClusterRole", "1.21", "rbac.authorization.k8s.io/v1"},
    Ended{"rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", "1.21", "rbac.authorization.k8s.io/v1"},
    Ended{"scheduling.k8s.io/v1beta1", "PriorityClass", "1.21", "scheduling.k8s.io/v1"},
    Ended{"coordination.k8s.io/v1beta1", "Lease", "1.21", "coordination.k8s.io/v1"},
    Ended{"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.21", "apiextensions.k8s.io/v1"},
    Ended{"batch/v1beta1", "CronJob", "1.24", "batch/v1"},
    Ended{"policy/v1beta1", "PodDisruptionBudget", "1.24", "policy/v1"},
    Ended{"policy/v1beta1", "PodSecurityPolicy", "1.24", ""},
    Ended{"autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.24", "autoscaling/v2"},
    Ended{"node.k8s.io/v1beta1", "RuntimeClass", "1.24", "node.k8s.io/v1"},
    Ended{"discovery.k8s.io/v1beta1", "EndpointSlice", "1.24", "discovery.k8s.io/v1"},
    Ended{"autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.25", "autoscaling/v2"},
    Ended{"flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", "1.28", "flowcontrol.apiserver.k8s.io/v1"},
    Ended{"storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.26", "storage.k8s.io/v1"},
};

struct Seen {
  std::vector<std::string> absent = {};
  std::vector<std::string> ending = {};
};

std::string advice_on(const Ended* ended) {
  if (ended == nullptr) return "";
  if (ended->replacement.empty()) return fmt::format(", gone since Kubernetes {}, without a replacement", ended->last);
  return fmt::format(", last served by Kubernetes {}: use {}", ended->last, ended->replacement);
}

void look_at(kube::Client& kube, const Look& look, const Json& object, Seen& seen) {
  const auto version = object["apiVersion"].string_or("");
  const auto kind = object["kind"].string_or("");
  const auto* found =
      std::ranges::find_if(kEnded, [&](const Ended& one) { return one.api_version == version && one.kind == kind; });
  const auto* ended = found == kEnded.end() ? nullptr : found;
  const auto text = fmt::format("{} {}{}", printable(version, 100), printable(kind, 100), advice_on(ended));
  if (!kube.find_kind(version, kind, look.stop())) {
    seen.absent.push_back(text);
  } else if (ended != nullptr) {
    seen.ending.push_back(text);
  }
}

/// That it cannot be read deployment-admitted says.
std::optional<rollout::Manifest> readable_manifest(const Look& look) {
  try {
    return rollout::manifest_of(look.config());
  } catch (const Error& error) {
    throw Error(ExitCode::unknown, error.what(), error.hint());
  }
}

Observation observe(const Look& look) {
  const auto manifest = readable_manifest(look);
  std::vector<Json> objects = {Json::object({{"apiVersion", "apps/v1"}, {"kind", "Deployment"}})};
  if (manifest) {
    objects.push_back(manifest->deployment);
    objects.insert(objects.end(), manifest->beside.begin(), manifest->beside.end());
  }
  auto context = look.context();
  std::set<std::string> asked;
  Seen seen;
  for (const auto& object : objects) {
    const auto name = object["apiVersion"].string_or("") + " " + object["kind"].string_or("");
    if (asked.insert(name).second) look_at(context.kube, look, object, seen);
  }
  const auto served = asked.size() - seen.absent.size();
  Observation result{.outcome = Outcome::pass, .observed = fmt::format("{}/{} served", served, asked.size())};
  result.message = fmt::format(
      "the cluster serves {} of {}", served,
      count_text(static_cast<long long>(asked.size()), "kind that the release uses", "kinds that the release uses"));
  if (!seen.absent.empty()) {
    result.outcome = Outcome::fail;
    result.message += "; not served: " + join(seen.absent, "; ");
    result.recovery = {"Correct apiVersion in the manifest, or install what serves the kind (its CRD)."};
  } else if (!seen.ending.empty()) {
    result.outcome = Outcome::warn;
    result.message += "; ending: " + join(seen.ending, "; ");
    result.recovery = {"Move the manifest to the API that replaces it, before the cluster is upgraded."};
  }
  return result;
}

}  // namespace

extern const Check apis_served{.id = "apis-served",
                               .sop = "2c",
                               .title = "APIs of the manifest",
                               .expected = [](const Config&) { return Expected("each is served, none is ending"); },
                               .critical = true,
                               .observe = observe};

}  // namespace baton::precheck
