// A Kubernetes API client: the verbs Baton needs, with the conflicts and the paging the API really has.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/kube/kubeconfig.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::kube {

/// Where objects of a kind live: "/api/v1" + "pods", "/apis/apps/v1" + "deployments".
struct Resource {
  std::string_view prefix;
  std::string_view plural;
  std::string_view kind;
  bool namespaced = true;
};
/// A kind as the cluster serves it.
struct ServedKind {
  std::string prefix;
  std::string plural;
  std::string kind;
  bool namespaced = true;

  Resource resource() const { return {prefix, plural, kind, namespaced}; }  ///< as long as this lives
};
inline constexpr Resource kNamespaces{"/api/v1", "namespaces", "Namespace", false};
inline constexpr Resource kNodes{"/api/v1", "nodes", "Node", false};
inline constexpr Resource kPods{"/api/v1", "pods", "Pod"};
inline constexpr Resource kAllPods{"/api/v1", "pods", "Pod", false};  ///< those of every namespace
inline constexpr Resource kServices{"/api/v1", "services", "Service"};
inline constexpr Resource kEvents{"/api/v1", "events", "Event"};
inline constexpr Resource kConfigMaps{"/api/v1", "configmaps", "ConfigMap"};
inline constexpr Resource kQuotas{"/api/v1", "resourcequotas", "ResourceQuota"};
inline constexpr Resource kLimitRanges{"/api/v1", "limitranges", "LimitRange"};
inline constexpr Resource kClaims{"/api/v1", "persistentvolumeclaims", "PersistentVolumeClaim"};
inline constexpr Resource kRuntimeClasses{"/apis/node.k8s.io/v1", "runtimeclasses", "RuntimeClass", false};
inline constexpr Resource kNodeMetrics{"/apis/metrics.k8s.io/v1beta1", "nodes", "NodeMetrics", false};
inline constexpr Resource kDeployments{"/apis/apps/v1", "deployments", "Deployment"};
inline constexpr Resource kStatefulSets{"/apis/apps/v1", "statefulsets", "StatefulSet"};
inline constexpr Resource kDaemonSets{"/apis/apps/v1", "daemonsets", "DaemonSet"};
inline constexpr Resource kReplicaSets{"/apis/apps/v1", "replicasets", "ReplicaSet"};
inline constexpr Resource kEndpointSlices{"/apis/discovery.k8s.io/v1", "endpointslices", "EndpointSlice"};
inline constexpr Resource kLeases{"/apis/coordination.k8s.io/v1", "leases", "Lease"};
inline constexpr Resource kAutoscalers{"/apis/autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"};
inline constexpr Resource kVerticalAutoscalers{"/apis/autoscaling.k8s.io/v1", "verticalpodautoscalers",
                                               "VerticalPodAutoscaler"};
inline constexpr Resource kHttpRoutes{"/apis/gateway.networking.k8s.io/v1", "httproutes", "HTTPRoute"};
inline constexpr Resource kDisruptionBudgets{"/apis/policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"};

/// Answers that may be others a moment later: overload, a leader that is being elected, a time that ran out. Whether a
/// write was carried out they do not say.
bool is_blip(int status);

/// ApiError::reason() of a pod that the API server's proxy could not reach: no word of the API server about itself.
inline constexpr std::string_view kPodUnreachable = "PodUnreachable";

/// The API server answered with a Status. 409 is a lost compare-and-swap, 404 an absence, 403 names the missing right.
class ApiError : public Error {
 public:
  ApiError(int status, std::string reason, const std::string& message, std::string hint, bool refuses_object = false)
      : Error(ExitCode::unknown, message, std::move(hint)),
        status_(status),
        reason_(std::move(reason)),
        refuses_object_(refuses_object) {}
  int status() const { return status_; }
  const std::string& reason() const { return reason_; }  ///< "Conflict", "NotFound", …
  /// A quota, a policy or the object's own rules say no to what was to be written: asking again changes nothing.
  bool refuses_object() const { return refuses_object_; }

 private:
  int status_;
  std::string reason_;
  bool refuses_object_;
};

struct Selection {
  std::string labels = {};  ///< label selector
  std::string fields = {};  ///< field selector
};

struct WatchEvent {
  /// ADDED, MODIFIED, DELETED; SYNCED after each (re)list, its object the list's metadata. A relist says ADDED of all
  /// that is there, after DELETED (with only name, namespace and uid) of what went unseen.
  std::string type;
  Json object;
};

struct ProxyAnswer {
  int status = 0;
  Headers headers;
  std::string body;
  Duration took{0};
};

/// Takes a list apart while it comes in, one page in memory at a time.
struct ListVisitor {
  /// Before the first object, and once more when the pages expired on the way (410): what was taken so far is void.
  std::function<void()> begin;
  std::function<void(Json)> take;
  /// Members that are not asked for, as JsonLimits::without says it: nobody holds them, for no moment.
  std::span<const std::string_view> without = {};
};

/// What an object still has to be to be deleted; empty: whatever it is by now.
struct Precondition {
  std::string uid = {};
  std::string version = {};  ///< resourceVersion: nobody wrote to it since
};

/// Whether a write is stored, or only answered as it would be: defaults, quota and admission included, nothing kept.
enum class Write { stored, dry_run };
/// What becomes of fields that another manager owns.
enum class FieldsOfOthers { refused, taken_over };
/// Whose log lines: the running container's, or those of the one that ended before it.
enum class ContainerRun { current, previous };

/// Which part of a container's log is read.
struct LogPart {
  ContainerRun run = ContainerRun::current;
  int last_lines = 0;  ///< 0: from its beginning, as far as the node has kept it
  std::size_t max_bytes = 1U << 20U;
};
/// When the container's runtime took the line, and the line itself, which is foreign text; of a longer one the first
/// 64 KiB.
using LogLine = std::function<void(Time, std::string_view)>;

class Client {
 public:
  /// TLS and proxy come from the cluster; `http` says how long to wait and how often to try. `clock` must outlive the
  /// client.
  Client(Cluster cluster, Environment environment, Clock& clock, HttpSettings http = {});

  const std::string& namespace_name() const;
  const std::string& server() const;
  /// When what we prove ourselves with ends, where that can be told and nothing renews it.
  std::optional<Time> credentials_end() const;

  /// Nothing when it does not exist. Every other failure throws ApiError or Error, also a kind that is not served
  /// (404).
  std::optional<Json> find(const Resource& resource, std::string_view name, std::stop_token stop = {});
  Json get(const Resource& resource, std::string_view name, std::stop_token stop = {});
  /// All pages; restarts when the continue token expired (410).
  std::vector<Json> list(const Resource& resource, const Selection& selection = {}, std::stop_token stop = {});
  /// None where the cluster does not serve the kind.
  std::vector<Json> list_if_served(const Resource& resource, std::stop_token stop = {});
  /// Cluster-wide list of a namespaced kind.
  std::vector<Json> list_all(const Resource& resource, const Selection& selection = {}, std::stop_token stop = {});
  /// What `list` would return, for those who want to keep little of it: 5,000 nodes and 5,000 pods take 330 MB as a
  /// whole and 50 MB page by page.
  void visit(const Resource& resource, const Selection& selection, const ListVisitor& visitor,
             std::stop_token stop = {});
  /// `kind` and `apiVersion` may be left out of objects that are written. A member the API server does not know is
  /// refused (create, apply). Lost answers are never guessed at: only calls that do the same twice are sent twice.
  Json create(const Resource& resource, const Json& object, std::stop_token stop = {}, Write write = Write::stored);
  /// Full replacement guarded by the object's own metadata.resourceVersion: 409 when somebody was faster.
  Json replace(const Resource& resource, const Json& object, std::stop_token stop = {}, Write write = Write::stored);
  /// Server-side apply as field manager "baton".
  Json apply(const Resource& resource, const Json& object, FieldsOfOthers others, std::stop_token stop = {},
             Write write = Write::stored);
  /// RFC 6902. A failed `test` is ApiError 422 or 409: nothing was changed.
  Json json_patch(const Resource& resource, std::string_view name, const Json& operations, std::stop_token stop = {});
  Json merge_patch(const Resource& resource, std::string_view name, const Json& patch, std::stop_token stop = {});
  /// Of the object as it was `seen`: 409 when somebody wrote to it since.
  Json scale(const Resource& resource, const Json& seen, int replicas, std::stop_token stop = {});
  /// False when it was not there; 409 when it is not what it has to be.
  bool remove(const Resource& resource, std::string_view name, const Precondition& precondition = {},
              std::stop_token stop = {});
  /// The last `lines` lines of a container.
  std::string logs(std::string_view pod, std::string_view container, int lines, ContainerRun run,
                   std::stop_token stop = {});
  /// Hands over a log line by line, one in memory at a time. False when there was more than `max_bytes`. Throws
  /// ApiError as logs() does, and Error{unknown} where what comes is no log.
  bool visit_log(std::string_view pod, std::string_view container, const LogPart& part, const LogLine& take,
                 std::stop_token stop = {});
  /// One request to a pod through the API server's pod proxy; `path` begins with '/' and may hold a query. Any status
  /// of the pod's own is an answer; ApiError 503 when the API server cannot reach the pod, and for refusals of its own.
  ProxyAnswer pod_proxy(std::string_view pod, int port, std::string_view path, Duration deadline,
                        std::stop_token stop = {});
  /// Lists, then follows changes until `on_event` returns false or `stop` is requested. Reconnects by itself and
  /// relists on 410 Gone; throws only when the API server stays away for `patience`.
  void watch(const Resource& resource, const Selection& selection,
             const std::function<bool(const WatchEvent&)>& on_event, Duration patience, std::stop_token stop);
  /// The raw path, e.g. "/apis/metrics.k8s.io/v1beta1/nodes"; nothing when the group is not served (404).
  std::optional<Json> find_raw(std::string_view path, std::stop_token stop = {});
  /// Of "apps/v1" and "Deployment"; nothing where the cluster serves no such kind.
  std::optional<ServedKind> find_kind(std::string_view api_version, std::string_view kind, std::stop_token stop = {});
  /// uid of the kube-system namespace; empty when we may not read it.
  std::string cluster_uid(std::stop_token stop = {});
  /// Whether RBAC and its like would let this call through (SelfSubjectAccessReview); without a name: on any object.
  bool may(std::string_view verb, const Resource& resource, std::string_view subresource = {},
           std::string_view name = {}, std::stop_token stop = {});

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// "apps" of deployments; the core group has no name.
std::string group_of(const Resource& resource);
/// "spec/selector"-like RFC 6901 escaping of one token: '~' → "~0", '/' → "~1".
std::string pointer_token(std::string_view token);

}  // namespace baton::kube
