// SOP 1.2: kubectl top nodes, memory < 70 %.
#include "common/config/sections/precheck.h"
#include "tools/precheck/node_usage.h"

namespace baton::precheck {

extern const Check node_memory{
    .id = "node-memory",
    .sop = "1.2",
    .title = "Node memory",
    .expected =
        [](const Config& config) {
          return Expected("<", Measured(config.precheck().infrastructure.node_memory.value, "%"), "of allocatable");
        },
    .critical = true,
    .is_waivable = false,
    .observe =
        [](const Look& look) {
          return judge_use(nodes_use(look, NodeResource::memory),
                           look.config().precheck().infrastructure.node_memory.value);
        }};

}  // namespace baton::precheck
