// Small clusters for the simulation, in few words.
#pragma once

#include <string>
#include <vector>

#include "common/core/yaml.h"
#include "tools/precheck/capacity/placement.h"

namespace baton::precheck {

/// One YAML document as the API server would give it.
inline Json object(const std::string& yaml) { return to_json(parse_yaml(yaml, "test")); }

/// A ready node of 4 cores, 8 GiB and 110 pods; `more` are members of its spec, `labels` beside its hostname and zone.
inline Json node(const std::string& name, const std::string& zone = "a", const std::string& more = "{}",
                 const std::string& labels = "", const std::string& room = "cpu: '4', memory: 8Gi, pods: '110'") {
  return object("metadata: {name: " + name + ", labels: {kubernetes.io/hostname: " + name + ", zone: " + zone +
                (labels.empty() ? "" : ", " + labels) + "}}\nspec: " + more + "\nstatus: {allocatable: {" + room +
                "}, conditions: [{type: Ready, status: 'True'}]}\n");
}

/// A pod that runs on `where`; `spec` are lines of its spec besides, in flow style: "cpu 3" is the request of its only
/// container.
inline Json pod_on(const std::string& where, const std::string& cpu, const std::string& labels = "{}",
                   const std::string& more = "", const std::string& ns = "production") {
  return object("metadata: {name: p, namespace: " + ns + ", labels: " + labels + "}\nspec: {nodeName: " + where +
                ", containers: [{name: c, resources: {requests: {cpu: '" + cpu + "'}}}]" +
                (more.empty() ? "" : ", " + more) + "}\nstatus: {phase: Running}\n");
}

/// The release's pod: labels {app: shop}, one container with these requests, and more of its spec.
inline NewPod shop_pod(const std::string& requests = "cpu: '1', memory: 1Gi", const std::string& more = "") {
  return new_pod(object("metadata: {labels: {app: shop}}\nspec: {containers: [{name: shop, resources: {requests: {" +
                        requests + "}}}]" + (more.empty() ? "" : ", " + more) + "}\n"),
                 "production");
}

struct Cluster {
  std::vector<Json> nodes;
  std::vector<Json> pods = {};
};

inline World world_of(const Cluster& cluster, NewPod pod) {
  World world(std::move(pod));
  for (const auto& one : cluster.nodes) world.add_node(one);
  for (const auto& one : cluster.pods) world.add_pod(one);
  return world;
}

}  // namespace baton::precheck
