// Who serves now: from the Service's selector by pods and owners to one workload.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/pods.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

struct Live {
  Json service;
  Labels selector;
  std::string
      label;  ///< the key that tells the colours apart: kubernetes.label, or "colour" where that means another thing
  std::string colour;      ///< the selector's value of it; empty: the Service never knew colours
  std::string worn;        ///< the colour that its pods carry; empty: none yet
  std::string next;        ///< the colour that comes after it
  Json deployment;         ///< or a StatefulSet, or a DaemonSet
  std::string hash = {};   ///< pod-template-hash of the ReplicaSet whose pods serve
  std::vector<Json> pods;  ///< under the selector and ready
};

/// The Service. Throws Error{usage} when there is none of that name.
Json find_service(Context& context);
/// `service`, unless there was none.
Json require_service(Context& context, std::optional<Json> service);
/// Follows the selector. Throws Error{stop} before anything is written: a Service without selector or ExternalName, no
/// ready pod, pods of another owner, or ready pods of more than one ReplicaSet, StatefulSet or DaemonSet.
Live find_live(Context& context);
/// The same from a Service that was read already.
Live find_live(Context& context, Json service);
/// The same; nothing where it throws Error{stop}.
std::optional<Live> try_find_live(Context& context, Json service);

/// Its clients pick pods by DNS.
bool is_headless(const Json& service);
/// Throws Error{stop} where what serves can only be rolled over, and the strategy is another one.
void require_fitting(const Context& context, const Live& live);

/// The container that Baton changes, of the Deployment's pod spec: the configuration's, else the first one of
/// `repository`, else the first; null where there is none at all.
Json container_of(const Json& deployment, const Config& config, std::string_view repository);
/// Whether a container of the pod spec has it, also where no configuration names the container.
bool has_image(const Json& deployment, std::string_view image);
/// "registry/shop@sha256:…": its image.
std::string image_of(const Json& deployment, const Config& config);

/// What serves now, "<deployment>@<image in its pod spec>", as precheck's target.live carries it; empty when it cannot
/// be told.
std::string live_description(Context& context);
std::string live_description(const std::optional<Live>& live, const Config& config);

}  // namespace baton::rollout
