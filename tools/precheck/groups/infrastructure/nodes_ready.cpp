// SOP 1.2: kubectl get nodes, all Ready; without pressure, and taking pods.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// What a kubelet says when it is about to evict pods, or cannot reach them.
constexpr std::array<std::string_view, 4> kTroubles = {"MemoryPressure", "DiskPressure", "PIDPressure",
                                                       "NetworkUnavailable"};

struct Count {
  std::size_t nodes = 0;
  std::vector<std::string> not_ready = {};
  std::vector<std::string> troubled = {};  ///< "node-1 (DiskPressure)"
  std::vector<std::string> cordoned = {};

  void add(const Json& node) {
    ++nodes;
    const auto name = printable(node["metadata"]["name"].string_or("?"), 80);
    bool is_ready = false;
    for (const auto& condition : node["status"]["conditions"].items_or_none()) {
      const auto type = condition["type"].string_or("");
      const auto status = condition["status"].string_or("");
      if (type == "Ready") is_ready = status == "True";
      // What a kubelet that is silent does not know is said of Ready already.
      if (std::ranges::find(kTroubles, type) != kTroubles.end() && status == "True")
        troubled.push_back(fmt::format("{} ({})", name, type));
    }
    if (!is_ready) not_ready.push_back(name);
    if (node["spec"]["unschedulable"].boolean_or(false)) cordoned.push_back(name);
  }

  Outcome outcome() const {
    if (nodes == 0) return Outcome::unknown;
    if (!not_ready.empty() || !troubled.empty() || cordoned.size() == nodes) return Outcome::fail;
    return cordoned.empty() ? Outcome::pass : Outcome::warn;
  }
};

std::string listed(std::string_view what, const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format("; {}: {}", what, join(names, ", "));
}

Observation observe(const Look& look) {
  Count count;
  look.visit(kube::kNodes, {.begin = [&] { count = {}; }, .take = [&](const Json& node) { count.add(node); }});
  const auto ready = count.nodes - count.not_ready.size();
  Observation seen{.outcome = count.outcome(), .observed = Measured(ready, "nodes")};
  if (count.nodes == 0) {
    seen.message = "the cluster has no nodes";
    return seen;
  }
  seen.message = fmt::format("{}/{} Ready{}{}{}", ready, count.nodes, listed("not ready", count.not_ready),
                             listed("under pressure", count.troubled), listed("cordoned", count.cordoned));
  if (seen.outcome == Outcome::warn) seen.recovery = {"Uncordon them, or wait until their maintenance is over."};
  return seen;
}

}  // namespace

extern const Check nodes_ready{.id = "nodes-ready",
                               .sop = "1.2",
                               .title = "Kubernetes nodes",
                               .expected = [](const Config&) { return Expected("all Ready"); },
                               .needs = "",
                               .critical = true,
                               .is_waivable = false,
                               .observe = observe};

}  // namespace baton::precheck
