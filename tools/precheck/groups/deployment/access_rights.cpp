// SOP 2c: the pipeline's identity may make every call of the steps after this one.
#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/adopt.h"
#include "common/rollout/rights.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  auto context = look.context();
  const auto move = rollout::plan_move(context, look.live(), look.release().version, "");
  const auto [needed, for_evidence, for_carrier] = rollout::missing_rights(context, move);
  const auto missing = needed.size() + for_evidence.size() + for_carrier.size();
  if (missing == 0)
    return {.outcome = Outcome::pass, .observed = Measured(0, "missing"), .message = "every later call is allowed"};
  Observation seen{.outcome = needed.empty() ? Outcome::warn : Outcome::fail, .observed = Measured(missing, "missing")};
  const auto add = [&](std::string_view consequence, const std::vector<std::string>& rights) {
    if (rights.empty()) return;
    seen.message +=
        fmt::format("{}not allowed{}: {}", seen.message.empty() ? "" : "; ", consequence, join(rights, ", "));
  };
  add("", needed);
  add(", so that less is saved of a failure", for_evidence);
  add(", so that no CronJob or scheduled job can go on with the release", for_carrier);
  seen.recovery = {
      fmt::format("Grant them to the identity the pipeline uses, in namespace '{}'.", look.namespace_name()),
      "Run baton-precheck again."};
  return seen;
}

}  // namespace

extern const Check access_rights{.id = "access-rights",
                                 .sop = "2c",
                                 .title = "Rights of the later steps",
                                 .expected = [](const Config&) { return Expected("none missing"); },
                                 .critical = true,
                                 .observe = observe};

}  // namespace baton::precheck
