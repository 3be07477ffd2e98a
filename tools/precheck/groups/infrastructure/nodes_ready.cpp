// SOP 1.2: kubectl get nodes, all Ready.
#include <fmt/format.h>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

bool is_ready(const Json& node) {
  for (const auto& condition : node["status"]["conditions"].items_or_none()) {
    if (condition["type"] == Json("Ready")) return condition["status"] == Json("True");
  }
  return false;
}

struct Count {
  std::size_t nodes = 0;
  std::vector<std::string> not_ready = {};

  void add(const Json& node) {
    ++nodes;
    if (!is_ready(node)) not_ready.push_back(printable(node["metadata"]["name"].string_or("?"), 80));
  }
};

Observation observe(const Look& look) {
  Count count;
  look.visit(kube::kNodes, {.begin = [&] { count = {}; }, .take = [&](const Json& node) { count.add(node); }});
  const auto ready = count.nodes - count.not_ready.size();
  Observation seen{.observed = Measured(ready, "nodes"), .message = fmt::format("{}/{} Ready", ready, count.nodes)};
  if (count.nodes == 0) {
    seen.message = "the cluster has no nodes";
  } else if (count.not_ready.empty()) {
    seen.outcome = Outcome::pass;
  } else {
    seen.outcome = Outcome::fail;
    seen.message += "; not ready: " + join(count.not_ready, ", ");
  }
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
