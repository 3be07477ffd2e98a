// The cluster as the scheduler sees it for one kind of pod: of each node its room, and how many pods on it each of that
// pod's rules means. Filled object by object, so that no list of pods is ever held.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/precheck/capacity/node_rules.h"
#include "tools/precheck/capacity/peers.h"
#include "tools/precheck/capacity/pod_needs.h"

namespace baton::precheck {

/// The pod that is to be scheduled, several times over.
struct NewPod {
  PodFace face;
  Json spec;
  Amounts needs;  ///< with "pods": 1
  std::set<std::string> ports;
  std::set<std::string> pinned_claims = {};  ///< of its claims those that one node at a time may mount
  std::vector<PeerRule> rules;
};
/// Of a pod template in the namespace `ns`.
NewPod new_pod(const Json& pod_template, const std::string& ns);

struct Node {
  std::string name;
  rollout::Labels labels = {};
  std::vector<Taint> taints = {};
  bool is_ready = true;
  Amounts allocatable = {};
  Amounts used = {};  ///< requests of the pods on it, and their number
  std::set<std::string> ports = {};
  std::vector<int> meant = {};  ///< pods on it that each rule of the new pod means
};

class World {
 public:
  explicit World(NewPod pod) : pod_(std::move(pod)) {}

  void add_node(const Json& node);
  /// After all nodes. Finished pods count for nothing; those without a node wait for one.
  void add_pod(const Json& pod);
  /// Voids what was added so far.
  void forget_nodes();
  void forget_pods();
  /// No pod can be on another node than those that mount this claim.
  void pin(const std::string& claim) { pod_.pinned_claims.insert(claim); }

  const NewPod& pod() const { return pod_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  int waiting() const { return waiting_; }  ///< pods without a node
  /// Labels (topology key and value) in whose domain a pod that runs wants none of ours.
  const std::set<std::pair<std::string, std::string>>& barred() const { return barred_; }
  const std::set<std::string>& holders_of(const std::string& claim) const;
  /// A rule that could not be looked at; empty: none.
  const std::string& unread() const { return unread_; }

 private:
  void bar(const PodFace& face, const Json& spec, const Node& node);

  NewPod pod_;
  std::vector<Node> nodes_ = {};
  std::map<std::string, std::size_t, std::less<>> at_ = {};
  std::set<std::pair<std::string, std::string>> barred_ = {};
  std::map<std::string, std::set<std::string>> holders_ = {};
  int waiting_ = 0;
  std::string unread_ = {};
};

}  // namespace baton::precheck
