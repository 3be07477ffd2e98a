// The scheduler's filters, and a simple order among what they let through.
#include "tools/precheck/capacity/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "common/core/printable.h"

namespace baton::precheck {
namespace {

/// Why the pod can never be on the node, full or empty.
std::optional<std::string> rule_against(const World& world, const Node& node) {
  const auto& pod = world.pod();
  if (!node.is_ready) return "not ready";
  if (!selects_node(pod.spec, node.name, node.labels)) return "not selected by nodeSelector or node affinity";
  if (const auto taint = untolerated(node.taints, pod.spec)) return fmt::format("taint {}", printable(*taint, 120));
  return std::nullopt;
}

constexpr int kNobody = -1;

/// Pods of one rule by domain.
using Domains = std::map<std::string, int>;

class Placing {
 public:
  explicit Placing(const World& world) : world_(world), pod_(world.pod()), nodes_(world.nodes()) {
    for (const auto& node : nodes_) {
      auto why = rule_against(world, node);
      if (!why && is_barred(node)) why = "anti-affinity of pods that are there";
      against_.push_back(std::move(why));
    }
    for (const auto& rule : pod_.rules) {
      own_.push_back(rule.means(pod_.face));
      domains_.push_back(domains_of(rule));
    }
  }

  Placement run(int pods) {
    Placement placement{.wanted = pods};
    for (int i = 0; i < pods; ++i) {
      const auto at = best(placement);
      if (!at) break;
      take(*at);
      ++placement.on[nodes_[*at].name];
    }
    return placement;
  }

 private:
  bool is_barred(const Node& node) const {
    const auto& barred = world_.barred();
    return std::ranges::any_of(node.labels, [&](const auto& label) { return barred.contains(label); });
  }

  std::optional<std::size_t> best(Placement& placement) {
    least_.clear();
    for (std::size_t i = 0; i < pod_.rules.size(); ++i) least_.push_back(least_of(i));
    std::map<std::string, int> refusals;
    std::optional<std::size_t> chosen;
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
      if (const auto why = refusal(at)) {
        ++refusals[*why];
      } else if (!chosen || rank(at) < rank(*chosen)) {
        chosen = at;
      }
    }
    if (!chosen) placement.refusals = std::move(refusals);
    return chosen;
  }

  /// The least crowded domain, then the emptiest node.
  std::tuple<int, double> rank(std::size_t at) const {
    int crowd = 0;
    for (std::size_t i = 0; i < pod_.rules.size(); ++i) {
      if (pod_.rules[i].kind == PeerRule::Kind::spread) crowd += count_at(i, at);
    }
    double fullest = 0;
    for (const auto resource : {kCpu, kMemory, kPodCount}) {
      const auto all = amount(nodes_[at].allocatable, resource);
      const auto used = amount(nodes_[at].used, resource) + amount(pod_.needs, resource);
      if (all > 0) fullest = std::max(fullest, static_cast<double>(used) / static_cast<double>(all));
    }
    return {crowd, fullest};
  }

  std::optional<std::string> refusal(std::size_t at) const {
    if (against_[at]) return against_[at];
    const auto& node = nodes_[at];
    for (const auto& [resource, need] : pod_.needs) {
      if (need > 0 && need > amount(node.allocatable, resource) - amount(node.used, resource))
        return fmt::format("too little {}", printable(resource, 60));
    }
    if (clash(pod_.ports, node.ports)) return "host port taken";
    if (pinned_to_ && *pinned_to_ != at) return "its volume is on another node";
    for (const auto& claim : pod_.pinned_claims) {
      const auto& holders = world_.holders_of(claim);
      if (!holders.empty() && !holders.contains(node.name))
        return fmt::format("volume of claim '{}' is on another node", printable(claim, 63));
    }
    return refusal_of_peers(at);
  }

  std::optional<std::string> refusal_of_peers(std::size_t at) const {
    for (std::size_t i = 0; i < pod_.rules.size(); ++i) {
      if (auto why = refusal_of_rule(i, at)) return why;
    }
    return std::nullopt;
  }

  std::optional<std::string> refusal_of_rule(std::size_t i, std::size_t at) const {
    const auto& rule = pod_.rules[i];
    const bool has_domain = nodes_[at].labels.contains(rule.topology_key);
    switch (rule.kind) {
      case PeerRule::Kind::away:
        if (has_domain && count_at(i, at) > 0) return "its own anti-affinity";
        break;
      case PeerRule::Kind::near:
        if (!has_domain || !is_near(i, at)) return "its own affinity";
        break;
      case PeerRule::Kind::spread:
        if (!has_domain) return fmt::format("no label {}", printable(rule.topology_key, 120));
        if (is_too_crowded(i, at)) return "topology spread";
        break;
    }
    return std::nullopt;
  }

  /// The first pod of a group that wants to be together may be anywhere.
  bool is_near(std::size_t i, std::size_t at) const { return count_at(i, at) > 0 || (own_[i] && least_[i] == kNobody); }

  /// Pods in the emptiest domain of a spread; of pods that are to be near, whether there is any.
  int least_of(std::size_t i) const {
    const auto& rule = pod_.rules[i];
    const auto& domains = domains_[i];
    if (rule.kind != PeerRule::Kind::spread) {
      const bool is_first = std::ranges::all_of(domains, [](const auto& domain) { return domain.second == 0; });
      return is_first ? kNobody : 0;
    }
    if (domains.empty() || static_cast<int>(domains.size()) < rule.min_domains) return 0;
    return std::ranges::min_element(domains, {}, &Domains::value_type::second)->second;
  }

  bool is_too_crowded(std::size_t i, std::size_t at) const {
    return count_at(i, at) + (own_[i] ? 1 : 0) - least_[i] > pod_.rules[i].max_skew;
  }

  int count_at(std::size_t i, std::size_t at) const {
    const auto label = nodes_[at].labels.find(pod_.rules[i].topology_key);
    if (label == nodes_[at].labels.end()) return 0;
    const auto found = domains_[i].find(label->second);
    return found == domains_[i].end() ? 0 : found->second;
  }

  bool counts_for(const PeerRule& rule, const Node& node) const {
    if (rule.kind != PeerRule::Kind::spread) return true;
    const bool has_all_keys = std::ranges::all_of(pod_.rules, [&](const PeerRule& other) {
      return other.kind != PeerRule::Kind::spread || node.labels.contains(other.topology_key);
    });
    if (!has_all_keys) return false;
    if (rule.honours_affinity && !selects_node(pod_.spec, node.name, node.labels)) return false;
    return !rule.honours_taints || !untolerated(node.taints, pod_.spec);
  }

  Domains domains_of(const PeerRule& rule) const {
    const auto i = static_cast<std::size_t>(&rule - pod_.rules.data());
    Domains domains;
    for (const auto& node : nodes_) {
      const auto label = node.labels.find(rule.topology_key);
      if (label != node.labels.end() && counts_for(rule, node)) domains[label->second] += node.meant[i];
    }
    return domains;
  }

  void take(std::size_t at) {
    auto& node = nodes_[at];
    add(node.used, pod_.needs);
    node.ports.insert(pod_.ports.begin(), pod_.ports.end());
    if (!pod_.pinned_claims.empty()) pinned_to_ = at;
    for (std::size_t i = 0; i < pod_.rules.size(); ++i) {
      const auto label = node.labels.find(pod_.rules[i].topology_key);
      if (own_[i] && label != node.labels.end() && counts_for(pod_.rules[i], node)) ++domains_[i][label->second];
    }
  }

  const World& world_;
  const NewPod& pod_;
  std::vector<Node> nodes_;  ///< with the pods that were placed
  std::vector<std::optional<std::string>> against_ = {};
  std::vector<bool> own_ = {};  ///< by rule: it means the pod itself
  std::vector<Domains> domains_ = {};
  std::vector<int> least_ = {};                ///< by rule, before the pod that is being placed
  std::optional<std::size_t> pinned_to_ = {};  ///< the node that mounts its claims from the first pod on
};

}  // namespace

int Placement::placed() const {
  return std::accumulate(on.begin(), on.end(), 0, [](int sum, const auto& one) { return sum + one.second; });
}

Placement place(const World& world, int pods) { return Placing(world).run(pods); }

double Room::buffer(std::string_view resource) const {
  const auto all = amount(allocatable, resource);
  if (all <= 0) return amount(used, resource) + amount(needed, resource) > 0 ? 0 : 100;
  const auto left = all - amount(used, resource) - amount(needed, resource);
  return static_cast<double>(left) * 100 / static_cast<double>(all);
}

Room room_after(const World& world, const Placement& placement) {
  Room room{.needed = times(world.pod().needs, placement.wanted)};
  for (const auto& node : world.nodes()) {
    if (rule_against(world, node)) continue;
    ++room.nodes;
    add(room.allocatable, node.allocatable);
    add(room.used, node.used);
  }
  return room;
}

}  // namespace baton::precheck
