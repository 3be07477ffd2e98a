// SOP 1.6: the cluster has capacity for the release, with a buffer of 20 %.
#include "common/config/sections/precheck.h"
#include "tools/precheck/capacity/estimate.h"

namespace baton::precheck {

extern const Check cluster_capacity{
    .id = "cluster-capacity",
    .sop = "1.6",
    .title = "Cluster capacity",
    .expected =
        [](const Config& config) {
          return Expected(">=", Measured(config.precheck().capacity.buffer.value, "%"), "left beside both versions");
        },
    .needs = "image",
    .critical = true,
    .observe =
        [](const Look& look) { return judge_capacity(survey(look), look.config().precheck().capacity.buffer.value); }};

}  // namespace baton::precheck
