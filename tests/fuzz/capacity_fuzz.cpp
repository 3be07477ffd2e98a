// libs: baton_tool_precheck
// Any JSON is a cluster of odd objects, or a baton::Error: {"nodes": […], "pods": […], "template": {…}, "quotas": […]}.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/only_errors.h"
#include "tools/precheck/capacity/estimate.h"
#include "tools/precheck/capacity/limit_range.h"
#include "tools/precheck/capacity/quota.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace baton::precheck;
  baton::expect_only_errors([&] {
    const auto json = baton::parse_json(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
    auto made = json["template"];
    if (!json["ranges"].is_null()) made["spec"] = with_defaults(json["template"]["spec"], json["ranges"].items());
    Survey survey{.world = World(new_pod(made, "production")), .pods = 3};
    for (const auto& node : json["nodes"].items_or_none()) survey.world.add_node(node);
    for (const auto& pod : json["pods"].items_or_none()) survey.world.add_pod(pod);
    if (const auto why = refusal_of_quota(json["quotas"].items_or_none(), survey.world.pod(), 3))
      survey.refusals.push_back(*why);
    judge_capacity(survey, 20);
  });
  return 0;
}
