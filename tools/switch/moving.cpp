// The switch itself.
#include "tools/switch/moving.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/units.h"
#include "common/judge/queries.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"

namespace baton::cutover {
namespace {

constexpr Duration kEndpointsLimit = std::chrono::seconds(30);

std::vector<Json> ready_of(Passage& passage, const std::string& deployment) {
  const auto found = passage.kube.find(kube::kDeployments, deployment, passage.context.stop);
  return found ? rollout::ready_pods(rollout::owned_pods(passage.context, *found)) : std::vector<Json>{};
}

void require_ours(Passage& passage, const Course& course) {
  rollout::require_selector(passage.context, rollout::labels_from(course.move.selector_after));
}

bool prove_endpoints(Passage& passage, Course& course, Duration patched) {
  const auto moved = rollout::await_endpoints(passage.context, course.move.service, patched, kEndpointsLimit, [&] {
    require_ours(passage, course);
    return ready_of(passage, course.move.deployment);
  });
  if (moved.first) course.times["first_slice_ms"] = moved.first->count();
  if (moved.all) course.times["all_slices_ms"] = moved.all->count();
  course.findings.push_back({.id = "endpoints-moved",
                             .sop = "2c.3",
                             .title = "The Service's endpoints are exactly the new colour's",
                             .critical = true,
                             .outcome = moved.is_done ? Outcome::pass : Outcome::fail,
                             .observed = moved.all ? std::to_string(moved.all->count()) : "",
                             .unit = moved.all ? "ms" : "",
                             .message = moved.message});
  return moved.is_done;
}

Outcome outcome_of(rollout::Proof::State state) {
  switch (state) {
    case rollout::Proof::State::proved:
      return Outcome::pass;
    case rollout::Proof::State::not_proved:
      return Outcome::fail;
    case rollout::Proof::State::impossible:
      return Outcome::warn;
  }
  return Outcome::unknown;
}

rollout::Proof prove_versions(Passage& passage, Course& course, Duration patched) {
  auto& context = passage.context;
  const auto service = rollout::find_service(context);
  const auto arriving = ready_of(passage, course.move.deployment);
  const auto leaving = ready_of(passage, course.move.previous_deployment);
  const auto vantage = course.vantage ? *course.vantage : rollout::find_vantage(context, service, std::nullopt);
  auto proof = rollout::prove_data_plane(context, vantage,
                                         {.expected = rollout::version_of(context, service, arriving),
                                          .other = rollout::version_of(context, service, leaving),
                                          .backends = static_cast<int>(arriving.size() + leaving.size()),
                                          .from = patched,
                                          .still_ours = [&] { require_ours(passage, course); }});
  course.proved_from =
      proof.state == rollout::Proof::State::impossible ? "nowhere" : rollout::vantage_name(vantage.kind);
  if (proof.last_old) course.times["last_old_answer_ms"] = proof.last_old->count();
  if (proof.proved) course.times["proved_ms"] = proof.proved->count();
  course.findings.push_back({.id = "data-plane-moved",
                             .sop = "2c.3",
                             .title = "New connections are answered by the new version",
                             .critical = proof.state != rollout::Proof::State::impossible,
                             .outcome = outcome_of(proof.state),
                             .observed = proof.proved ? std::to_string(proof.proved->count()) : "",
                             .unit = proof.proved ? "ms" : "",
                             .message = proof.message});
  return proof;
}

}  // namespace

void move_traffic(Passage& passage, rollout::Lease& lease, Course& course) {
  auto& move = course.move;
  const auto serving = rollout::version_of(passage.context, rollout::find_service(passage.context),
                                           ready_of(passage, move.previous_deployment));
  course.vantage = rollout::find_vantage(passage.context, rollout::find_service(passage.context), serving);
  move.phase = rollout::Phase::switching;
  move.patched_at = passage.env.clock.now();
  const auto begun = passage.env.clock.monotonic();
  rollout::move_selector(passage.context, lease, rollout::labels_from(move.selector_before),
                         rollout::labels_from(move.selector_after), move);
  course.times["patch_ms"] = (passage.env.clock.monotonic() - begun).count();
  passage.context.say(fmt::format("Traffic switched to {}", move.colour));
}

std::string prove_traffic(Passage& passage, rollout::Lease& lease, Course& course) {
  const auto since = passage.env.clock.now() - course.move.patched_at.value_or(passage.env.clock.now());
  const auto patched = passage.env.clock.monotonic() - since;
  if (!prove_endpoints(passage, course, patched)) return course.findings.back().message;
  const auto proof = prove_versions(passage, course, patched);
  if (proof.state == rollout::Proof::State::not_proved) return proof.message;
  auto address = rollout::ask_public(passage.context);
  course.findings.push_back(address);
  course.move.proved_at = passage.env.clock.now();
  rollout::record_move(passage.context, lease, course.move);
  lease.remember({.id = course.move.id,
                  .version = course.move.version,
                  .digest = course.move.digest,
                  .proved_at = course.move.proved_at});
  return "";
}

void measure_residual(Passage& passage, Course& course) {
  if (!passage.store) return;
  try {
    const auto& config = passage.env.config;
    const auto queries =
        judge::queries_for(config, scope_of(passage, course.move, Side::before), judge::rate_window(config));
    double sum = 0;
    for (const auto& series :
         passage.store->query(queries.request_rate, passage.env.clock.now(), passage.env.stop).series) {
      if (!series.samples.empty()) sum += series.samples.back().value;
    }
    course.residual = sum;
    course.findings.push_back({.id = "residual-on-old",
                               .sop = "2c.3",
                               .title = "Traffic that kept connections still bring to the old colour",
                               .outcome = Outcome::pass,
                               .observed = number_text(sum),
                               .unit = "requests/s"});
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    passage.env.log.warning(std::string("how much traffic is left on the old colour is not known: ") + error.what());
  }
}

}  // namespace baton::cutover
