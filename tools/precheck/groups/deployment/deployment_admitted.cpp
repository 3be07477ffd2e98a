// SOP 2c.1: the Deployment that switch would write can be made of its template, and quota and admission would take it
// (server-side dry run).
#include <algorithm>
#include <array>

#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// That the object is refused, and would be again. A webhook without dry run has said nothing of it.
bool is_refusal(const kube::ApiError& error) {
  constexpr std::array kRefused = {400, 403, 422};
  const bool was_asked = std::string_view(error.what()).find("does not support dry run") == std::string_view::npos;
  return was_asked && std::ranges::find(kRefused, error.status()) != kRefused.end();
}

Observation refused(const Error& error) {
  Observation seen{.outcome = Outcome::fail, .message = error.what()};
  if (!error.hint().empty()) seen.recovery = {error.hint()};
  return seen;
}

Observation observe(const Look& look) {
  look.live();  // a Service that is not there is no fault of the template
  auto context = look.context();
  try {
    const auto wanted = look.next_deployment();
    const auto& name = rollout::name_of(wanted);
    const auto existing = context.kube.find(rollout::workloads_of(rollout::kind_of(wanted)), name, context.stop);
    rollout::write_workload(context, existing, wanted, kube::Write::dry_run);
    return {.outcome = Outcome::pass, .observed = name, .message = "the API server would take '" + name + "'"};
  } catch (const kube::ApiError& error) {
    if (!is_refusal(error)) throw;
    return refused(error);
  } catch (const Error& error) {
    if (error.code() != ExitCode::usage) throw;
    return refused(error);
  }
}

}  // namespace

extern const Check deployment_admitted{
    .id = "deployment-admitted",
    .sop = "2c.1",
    .title = "The next colour's Deployment",
    .expected = [](const Config&) { return Expected("made of its template, accepted in a dry run"); },
    .needs = "image",
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
