// The switch itself.
#include "tools/switch/traffic.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/units.h"
#include "common/judge/metric.h"
#include "common/rollback/scope.h"
#include "common/rollout/acts.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/live.h"
#include "common/rollout/route.h"
#include "common/rollout/services.h"
#include "common/rollout/share.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"
#include "common/rollout/workers.h"
#include "tools/switch/stages.h"

namespace baton::cutover {
namespace {

constexpr Duration kEndpointsLimit = std::chrono::seconds(30);

void add(std::vector<Finding>& all, std::vector<Finding> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Of the first one that failed; empty: none.
std::string failure_in(Attempt& attempt, std::vector<Finding> found) {
  const auto failed = std::ranges::find(found, Outcome::fail, &Finding::outcome);
  auto why = failed == found.end() ? std::string() : failed->message;
  add(attempt.findings, std::move(found));
  return why;
}

void require_ours(World& world, const Attempt& attempt) { rollout::require_moved(world.context, attempt.move); }

/// Those that get traffic by the move's share.
std::vector<Json> served_by(World& world, const rollout::Move& move) {
  auto pods = ready_pods_of(world, move);
  if (move.share == kAll || !move.route.empty()) return pods;
  const auto others = ready_pods_of(world, move.previous_deployment);
  pods.insert(pods.end(), others.begin(), others.end());
  return pods;
}

/// The Services whose endpoints show it: a route's weights lead to the next colour's own.
std::vector<std::string> shown_by(World& world, const rollout::Move& move) {
  if (move.share < kAll && !move.route.empty()) return {move.deployment};
  auto names = rollout::services_there(world.context, move);
  names.insert(names.begin(), move.service);
  return names;
}

Finding finding_of(const rollout::Convergence& moved, const std::string& service, bool are_both) {
  return {.id = "endpoints-moved",
          .sop = "2c.3",
          .title = fmt::format("The endpoints of '{}' are exactly {}", service,
                               are_both ? "both colours'" : "the new colour's"),
          .critical = true,
          .outcome = moved.is_done ? Outcome::pass : Outcome::fail,
          .observed = moved.all ? Measured(moved.all->count(), "ms") : Measured(),
          .message = moved.message};
}

bool prove_endpoints(World& world, Attempt& attempt, Duration patched) {
  const auto& move = attempt.move;
  const bool are_both = move.share < kAll && move.route.empty();
  for (const auto& name : shown_by(world, move)) {
    const auto moved = rollout::await_endpoints(world.context, name, patched, kEndpointsLimit, [&] {
      require_ours(world, attempt);
      return served_by(world, move);
    });
    if (moved.first) attempt.times["first_slice_ms"] = moved.first->count();
    if (moved.all) attempt.times["all_slices_ms"] = moved.all->count();
    attempt.findings.push_back(finding_of(moved, name, are_both));
    if (!moved.is_done) return false;
  }
  return true;
}

Outcome outcome_of(rollout::Proof::State state) {
  switch (state) {
    case rollout::Proof::State::proved:
      return Outcome::pass;
    case rollout::Proof::State::not_proved:
      return Outcome::fail;
    case rollout::Proof::State::too_few:
    case rollout::Proof::State::impossible:
      return Outcome::warn;
  }
  return Outcome::unknown;
}

rollout::Proof prove_versions(World& world, Attempt& attempt, Duration patched) {
  auto& context = world.context;
  const auto service = rollout::find_service(context);
  const auto arriving = ready_pods_of(world, attempt.move);
  const auto leaving = ready_pods_of(world, attempt.move.previous_deployment);
  const auto vantage =
      attempt.vantage ? *attempt.vantage : rollout::find_vantage(context, service, arriving, std::nullopt);
  auto proof = rollout::prove_data_plane(context, vantage,
                                         {.expected = rollout::version_of(context, service, arriving),
                                          .other = rollout::version_of(context, service, leaving),
                                          .backends = static_cast<int>(arriving.size() + leaving.size()),
                                          .from = patched,
                                          .still_ours = [&] { require_ours(world, attempt); }});
  attempt.proved_from =
      proof.state == rollout::Proof::State::impossible ? "nowhere" : rollout::vantage_name(vantage.kind);
  if (proof.last_old) attempt.times["last_old_answer_ms"] = proof.last_old->count();
  if (proof.proved) attempt.times["proved_ms"] = proof.proved->count();
  attempt.findings.push_back({.id = "data-plane-moved",
                              .sop = "2c.3",
                              .title = "New connections are answered by the new version",
                              .critical = outcome_of(proof.state) != Outcome::warn,
                              .outcome = outcome_of(proof.state),
                              .observed = proof.proved ? Measured(proof.proved->count(), "ms") : Measured(),
                              .message = proof.message});
  return proof;
}

/// Once some traffic went over any version may answer.
void choose_vantage(World& world, Attempt& attempt) {
  if (attempt.vantage) return;
  const auto& move = attempt.move;
  const auto service = rollout::find_service(world.context);
  const auto pods = ready_pods_of(world, move.previous_deployment);
  std::optional<std::string> serving;
  if (move.phase != rollout::Phase::switching) {
    serving = rollout::version_of(world.context, service, pods);
    public_smoke_of(world, attempt).look(move);
  }
  attempt.vantage = rollout::find_vantage(world.context, service, pods, serving);
}

/// A route's weights are met by those who come through its gateway.
rollout::Vantage share_vantage(const Attempt& attempt) {
  if (attempt.move.route.empty() || attempt.vantage->kind == rollout::Vantage::Kind::public_urls)
    return *attempt.vantage;
  return {.why_not = "through the gateway it can be asked at switch.public alone"};
}

Duration since_patch(World& world, const Attempt& attempt) {
  const auto since = world.env.clock.now() - attempt.move.patched_at.value_or(world.env.clock.now());
  return world.env.clock.monotonic() - since;
}

}  // namespace

rollout::PublicSmoke& public_smoke_of(World& world, Attempt& attempt) {
  if (!attempt.public_smoke) attempt.public_smoke = std::make_shared<rollout::PublicSmoke>(world.context);
  return *attempt.public_smoke;
}

void move_traffic(World& world, rollout::Lease& lease, Attempt& attempt, int share) {
  auto& move = attempt.move;
  choose_vantage(world, attempt);
  const auto now = rollout::labels_from(rollout::find_service(world.context)["spec"]["selector"]);
  const bool is_shared = move.phase == rollout::Phase::switching && rollout::is_shared(now, move);
  move.phase = rollout::Phase::switching;
  move.share = share;
  move.shared_at.reset();
  move.patched_at = world.env.clock.now();
  const auto begun = world.env.clock.monotonic();
  rollout::move_selector(world.context, lease, is_shared ? now : move.selector_before, rollout::selector_of_share(move),
                         move);
  if (share < kAll) rollout::weigh_route(world.context, lease, move);
  attempt.times["patch_ms"] = (world.env.clock.monotonic() - begun).count();
  world.context.say(share == kAll ? fmt::format("Traffic switched to {}", move.colour)
                                  : fmt::format("{} gets {} % of the traffic", colour_title(move), share));
}

std::string prove_share(World& world, rollout::Lease& lease, Attempt& attempt) {
  if (!prove_endpoints(world, attempt, since_patch(world, attempt))) return attempt.findings.back().message;
  auto& context = world.context;
  auto& move = attempt.move;
  choose_vantage(world, attempt);
  if (!move.route.empty()) {
    attempt.findings.push_back(rollout::await_route(context, move));
    if (attempt.findings.back().outcome == Outcome::fail) return attempt.findings.back().message;
  }
  const auto service = rollout::find_service(context);
  const auto finding = rollout::measure_share(
      context, share_vantage(attempt),
      {.arriving = rollout::version_of(context, service, ready_pods_of(world, move)),
       .leaving = rollout::version_of(context, service, ready_pods_of(world, move.previous_deployment)),
       .asked = move.share,
       .still_ours = [&] { require_ours(world, attempt); }});
  attempt.findings.push_back(finding);
  if (finding.outcome == Outcome::fail) return finding.message;
  move.shared_at = world.env.clock.now();
  rollout::record_move(context, lease, move);
  return "";
}

std::string prove_traffic(World& world, rollout::Lease& lease, Attempt& attempt) {
  const auto patched = since_patch(world, attempt);
  if (!prove_endpoints(world, attempt, patched)) return attempt.findings.back().message;
  const auto proof = prove_versions(world, attempt, patched);
  if (proof.state == rollout::Proof::State::not_proved) return proof.message;
  auto address = rollout::ask_public(world.context);
  attempt.findings.push_back(address);
  attempt.move.proved_at = world.env.clock.now();
  rollout::record_move(world.context, lease, attempt.move);
  lease.remember({.id = attempt.move.id,
                  .version = attempt.move.version,
                  .digest = attempt.move.digest,
                  .proved_at = attempt.move.proved_at});
  return "";
}

void bring_followers(World& world, rollout::Lease& lease, Attempt& attempt) {
  if (attempt.move.rolled) return;  // they are there
  add(attempt.findings,
      rollout::perform_each(rollout::following(), {.context = world.context, .lease = lease, .move = attempt.move}));
}

std::string start_workers(World& world, rollout::Lease& lease, Attempt& attempt) {
  return failure_in(attempt, rollout::start_workers(world.context, lease, attempt.move));
}

std::string await_workers(World& world, Attempt& attempt) {
  return failure_in(attempt, rollout::await_workers(world.context, attempt.move));
}

void release_followers(World& world, rollout::Lease& lease, Attempt& attempt) {
  const auto& move = attempt.move;
  if (move.rolled) return;
  add(attempt.findings,
      rollout::await_autoscalers(world.context, move, move.deployment, move.proved_at.value_or(world.env.clock.now())));
  rollout::release_scale_down(world.context, lease, move);
  rollout::drop_colour_service(world.context, lease, move);
}

std::optional<double> residual_of(World& world, const Attempt& attempt) {
  const bool is_asked = world.store && attempt.baseline && attempt.baseline->source;
  if (!is_asked || attempt.move.rolled) return std::nullopt;
  try {
    const auto& config = world.env.config;
    const auto scope = rollback::scope_of(world.context, attempt.move, rollback::Side::before);
    const auto query = judge::kRequestRate.query(judge::terms_for(config, scope, *attempt.baseline));
    std::optional<double> sum;
    for (const auto& series : world.store->query(query, world.env.clock.now(), world.env.stop).series) {
      if (!series.samples.empty()) sum = sum.value_or(0) + series.samples.back().value;
    }
    return sum;
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    world.env.log.warning(std::string("how much traffic is left on the old colour is not known: ") + error.what());
    return std::nullopt;
  }
}

void measure_residual(World& world, Attempt& attempt) {
  attempt.residual = residual_of(world, attempt);
  if (!attempt.residual) return;
  attempt.findings.push_back({.id = "residual-on-old",
                              .sop = "2c.3",
                              .title = "Traffic that kept connections still bring to the old colour",
                              .outcome = Outcome::pass,
                              .observed = Measured(*attempt.residual, "requests/s")});
}

}  // namespace baton::cutover
