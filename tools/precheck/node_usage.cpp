// Usage by node, from the metrics API or the kubelets.
#include "tools/precheck/node_usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "common/core/printable.h"
#include "common/core/quantity.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/in_parallel.h"

namespace baton::precheck {
namespace {

/// Of a node nobody here asks which images it has.
constexpr std::array<std::string_view, 3> kUnread = {"images", "managedFields", "annotations"};
constexpr std::size_t kKubeletsAtOnce = 8;
constexpr double kEpsilon = 1e-9;  ///< percent: of three decimals nothing is lost
constexpr std::size_t kMostNamed = 10;

std::string_view name_of(NodeResource resource) { return resource == NodeResource::cpu ? "cpu" : "memory"; }

double amount_in(const Json& quantity) {
  const auto parsed = quantity.is_string() ? parse_quantity(quantity.string()) : std::nullopt;
  return parsed ? parsed->value : 0;
}

std::vector<NodeUse> nodes_that_take_pods(const Look& look, NodeResource resource) {
  std::vector<NodeUse> nodes;
  look.visit(kube::kNodes,
             {.begin = [&] { nodes.clear(); },
              .take =
                  [&](const Json& node) {
                    if (node["spec"]["unschedulable"].boolean_or(false)) return;
                    nodes.push_back({.name = node["metadata"]["name"].string_or("?"),
                                     .allocatable = amount_in(node["status"]["allocatable"][name_of(resource)])});
                  },
              .without = kUnread});
  return nodes;
}

/// False where nobody serves them.
bool take_metrics(const Look& look, NodeResource resource, std::map<std::string, double>& used) {
  try {
    look.visit(kube::kNodeMetrics, {.begin = [&] { used.clear(); },
                                    .take =
                                        [&](const Json& node) {
                                          used[node["metadata"]["name"].string_or("?")] =
                                              amount_in(node["usage"][name_of(resource)]);
                                        },
                                    .without = {}});
    return true;
  } catch (const kube::ApiError& error) {
    if (error.status() != 404 && error.status() != 503) throw;
    return false;
  }
}

/// What one kubelet says of its node; nothing when it says nothing.
std::optional<double> ask_kubelet(kube::Client& kube, const Look& look, const std::string& node,
                                  NodeResource resource) {
  try {
    const auto path =
        fmt::format("/api/v1/nodes/{}/proxy/stats/summary?only_cpu_and_memory=true", percent_encode(node));
    const auto summary = kube.find_raw(path, look.stop());
    if (!summary) return std::nullopt;
    const auto& seen = (*summary)["node"];
    const auto& number =
        resource == NodeResource::cpu ? seen["cpu"]["usageNanoCores"] : seen["memory"]["workingSetBytes"];
    if (!number.is_number()) return std::nullopt;
    return resource == NodeResource::cpu ? number.number() / 1e9 : number.number();
  } catch (const Error& error) {
    // One kubelet that is silent leaves the others their say.
    if (error.code() == ExitCode::interrupted) throw;
    return std::nullopt;
  }
}

/// Whoever may ask the kubelets may do more than look, so that it is in no role of ours: it is used where it is there.
void ask_kubelets(const Look& look, NodeResource resource, std::vector<NodeUse>& nodes) {
  auto context = look.context();
  if (!context.kube.may("get", kube::kNodes, "proxy", {}, look.stop())) {
    throw Error(
        ExitCode::unknown,
        "what the nodes use is not known: metrics.k8s.io is not served or does not answer, and the kubelets may "
        "not be asked (get nodes/proxy)",
        "Install metrics-server, or look why it does not answer (kubectl top nodes).");
  }
  in_parallel(nodes.size(), kKubeletsAtOnce,
              [&](std::size_t at) { nodes[at].used = ask_kubelet(context.kube, look, nodes[at].name, resource); });
}

std::string named(std::vector<std::string> names) {
  const auto more = names.size() > kMostNamed ? names.size() - kMostNamed : 0;
  if (more > 0) names.resize(kMostNamed);
  return join(names, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

std::optional<double> NodeUse::percent() const {
  if (!used || *used <= 0 || allocatable <= 0) return std::nullopt;
  return *used / allocatable * 100;
}

NodesUse nodes_use(const Look& look, NodeResource resource) {
  NodesUse use{.nodes = nodes_that_take_pods(look, resource), .basis = "metrics.k8s.io"};
  std::map<std::string, double> used;
  if (!take_metrics(look, resource, used)) {
    use.basis = "the kubelets' summaries";
    ask_kubelets(look, resource, use.nodes);
    return use;
  }
  for (auto& node : use.nodes) {
    if (const auto found = used.find(node.name); found != used.end()) node.used = found->second;
  }
  return use;
}

Observation judge_use(const NodesUse& use, double limit) {
  if (use.nodes.empty()) return {.message = "no node takes pods"};
  double sum = 0;
  std::vector<std::string> silent;
  std::vector<std::string> over;
  for (const auto& node : use.nodes) {
    const auto name = printable(node.name, 80);
    const auto percent = node.percent();
    if (!percent) silent.push_back(name);
    if (percent && *percent >= limit - kEpsilon) over.push_back(fmt::format("{} {} %", name, number_text(*percent, 1)));
    sum += percent.value_or(0);
  }
  // Nodes that say nothing count as idle here: what is too much even so is too much.
  const double average = sum / static_cast<double>(use.nodes.size());
  Observation seen{.observed = silent.size() == use.nodes.size() ? Measured() : Measured(average, "%")};
  seen.message = fmt::format("{} % of allocatable on average over {}, by {}", number_text(average, 1),
                             count_text(static_cast<long long>(use.nodes.size()), "node"), use.basis);
  if (!over.empty()) seen.message += fmt::format("; at or over {} %: {}", number_text(limit), named(over));
  if (average >= limit - kEpsilon) {
    seen.outcome = Outcome::fail;
  } else if (!silent.empty()) {
    seen.message = fmt::format("{} of {} not say what is used, by {}: {}", silent.size(),
                               count_text(static_cast<long long>(use.nodes.size()), "node does", "nodes do"), use.basis,
                               named(silent));
    seen.observed = {};
  } else {
    seen.outcome = over.empty() ? Outcome::pass : Outcome::warn;
  }
  return seen;
}

}  // namespace baton::precheck
