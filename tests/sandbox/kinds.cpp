// The table of kinds.
#include "tests/sandbox/kinds.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace baton::sandbox {
namespace {

constexpr std::array kKinds = {
    Kind{"", "v1", "namespaces", "namespace", "Namespace", "ns", /*is_namespaced=*/false},
    Kind{"", "v1", "nodes", "node", "Node", "no", /*is_namespaced=*/false},
    Kind{"", "v1", "pods", "pod", "Pod", "po"},
    Kind{"", "v1", "services", "service", "Service", "svc"},
    Kind{"", "v1", "events", "event", "Event", "ev", true, /*has_status=*/false},
    Kind{"", "v1", "resourcequotas", "resourcequota", "ResourceQuota", "quota", true, /*has_status=*/false},
    Kind{"", "v1", "limitranges", "limitrange", "LimitRange", "limits", true, /*has_status=*/false},
    Kind{"", "v1", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", "pvc"},
    Kind{"", "v1", "configmaps", "configmap", "ConfigMap", "cm", true, /*has_status=*/false},
    Kind{"", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", "sa", true, /*has_status=*/false},
    Kind{"apps", "v1", "deployments", "deployment", "Deployment", "deploy", true, true, /*has_scale=*/true,
         /*counts_generation=*/true},
    Kind{"apps", "v1", "replicasets", "replicaset", "ReplicaSet", "rs", true, true, /*has_scale=*/true,
         /*counts_generation=*/true},
    Kind{"apps", "v1", "statefulsets", "statefulset", "StatefulSet", "sts", true, true, /*has_scale=*/true,
         /*counts_generation=*/true},
    Kind{"apps", "v1", "daemonsets", "daemonset", "DaemonSet", "ds", true, true, /*has_scale=*/false,
         /*counts_generation=*/true},
    Kind{"discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", "", true, /*has_status=*/false},
    Kind{"coordination.k8s.io", "v1", "leases", "lease", "Lease", "", true, /*has_status=*/false},
    Kind{"node.k8s.io", "v1", "runtimeclasses", "runtimeclass", "RuntimeClass", "", /*is_namespaced=*/false,
         /*has_status=*/false},
    Kind{"batch", "v1", "jobs", "job", "Job"},
    Kind{"networking.k8s.io", "v1", "networkpolicies", "networkpolicy", "NetworkPolicy", "netpol", true,
         /*has_status=*/false},
    Kind{"autoscaling", "v2", "horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler", "hpa"},
    Kind{"autoscaling.k8s.io", "v1", "verticalpodautoscalers", "verticalpodautoscaler", "VerticalPodAutoscaler", "vpa"},
    Kind{"gateway.networking.k8s.io", "v1", "httproutes", "httproute", "HTTPRoute", "", true, true, false,
         /*counts_generation=*/true},
    Kind{"policy", "v1", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget", "pdb", true, true, false,
         /*counts_generation=*/true},
    Kind{"authorization.k8s.io", "v1", "selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview",
         "", /*is_namespaced=*/false, false, false, false, Origin::computed},
    Kind{"metrics.k8s.io", "v1beta1", "nodes", "node", "NodeMetrics", "", /*is_namespaced=*/false, false, false, false,
         Origin::computed},
    Kind{"metrics.k8s.io", "v1beta1", "pods", "pod", "PodMetrics", "", true, false, false, false, Origin::computed},
};

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view group, std::string_view version, std::string_view plural) {
  const auto* found = std::ranges::find_if(kKinds, [&](const Kind& kind) {
    return kind.group == group && kind.version == version && kind.plural == plural;
  });
  return found == kKinds.end() ? nullptr : found;
}

const Kind& kind_named(std::string_view name) {
  const auto* found = std::ranges::find(kKinds, name, &Kind::name);
  if (found == kKinds.end()) throw std::logic_error("no kind is named " + std::string(name));
  return *found;
}

std::string api_version(const Kind& kind) {
  return kind.group.empty() ? std::string(kind.version) : std::string(kind.group) + "/" + std::string(kind.version);
}

std::string qualified_plural(const Kind& kind) {
  return kind.group.empty() ? std::string(kind.plural) : std::string(kind.plural) + "." + std::string(kind.group);
}

}  // namespace baton::sandbox
