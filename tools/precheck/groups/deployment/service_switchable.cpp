// SOP 2c: there is a live release behind one workload to switch from, and to go back to, and the strategy fits it.
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  try {
    rollout::require_fitting(look.context(), look.live());
    return {.outcome = Outcome::pass,
            .observed = rollout::name_of(look.live().deployment),
            .message = "'" + rollout::name_of(look.live().deployment) + "' serves"};
  } catch (const Error& error) {
    if (error.code() != ExitCode::stop) throw;
    return {.outcome = Outcome::fail, .message = error.what(), .recovery = {error.hint()}};
  }
}

}  // namespace

extern const Check service_switchable{.id = "service-switchable",
                                      .sop = "2c",
                                      .title = "The Service sends its traffic to one workload that the strategy fits",
                                      .expected = [](const Config&) { return Expected("one, with a ready pod"); },
                                      .critical = true,
                                      .observe = observe};

}  // namespace baton::precheck
