// SOP 1.2: kubectl top nodes, CPU < 70 %.
#include "common/config/sections/precheck.h"
#include "tools/precheck/node_usage.h"

namespace baton::precheck {

extern const Check node_cpu{
    .id = "node-cpu",
    .sop = "1.2",
    .title = "Node CPU",
    .expected =
        [](const Config& config) {
          return Expected("<", Measured(config.precheck().infrastructure.node_cpu.value, "%"), "of allocatable");
        },
    .critical = true,
    .is_waivable = false,
    .observe =
        [](const Look& look) {
          return judge_use(nodes_use(look, NodeResource::cpu), look.config().precheck().infrastructure.node_cpu.value);
        }};

}  // namespace baton::precheck
