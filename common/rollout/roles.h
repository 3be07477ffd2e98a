// The rights of the table for one configuration, as Kubernetes takes them: a Role, a ClusterRole and their bindings.
#pragma once

#include <string>
#include <vector>

#include "common/config/config.h"
#include "common/core/json.h"
#include "common/rollout/rights.h"

namespace baton::rollout {

/// Who gets them for what, and what of the cluster no configuration says.
struct RoleRequest {
  Steps steps = kAllSteps;
  std::string name = {};        ///< of all four objects; empty: "baton-<app>"
  std::string namespace_ = {};  ///< where the release runs
  std::string account = {};     ///< the ServiceAccount, "NAME" or "NAMESPACE/NAME"; empty: named as the objects
  std::string live = {};        ///< what serves before Baton's first switch, "statefulset/shop" or "shop", as kubectl
                                ///< takes it; empty: a Deployment named as the Service
};

/// One of RBAC's, with its comment.
struct RoleRule {
  std::string group;
  std::string resource;  ///< "deployments/scale"
  std::vector<std::string> verbs;
  std::vector<std::string> names = {};  ///< none: every object of the kind
  std::vector<std::string> reasons = {};
};

struct Roles {
  std::string name;
  std::string namespace_;
  std::string account;
  std::string account_namespace;
  std::vector<RoleRule> in_namespace = {};
  std::vector<RoleRule> in_cluster = {};  ///< none: there is no ClusterRole
};

/// From the configuration alone: no cluster is asked. What depends on the cluster (an adoption, an autoscaler, a
/// budget) is in it. Throws Error{usage} where `live` does not fit the strategy, or the manifest cannot be read.
Roles role_for(const Config& config, const RoleRequest& request);

/// Role, RoleBinding, ClusterRole and ClusterRoleBinding, a document each, every rule with a comment on who needs it.
/// Begins with "---".
std::string to_yaml(const Roles& roles);
/// The same objects, without comments.
std::vector<Json> to_objects(const Roles& roles);

}  // namespace baton::rollout
