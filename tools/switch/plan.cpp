// The plan, for people and as JSON.
#include "tools/switch/plan.h"

#include <fmt/format.h>

#include "common/config/sections/hooks.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/budgets.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/config_maps.h"
#include "common/rollout/masked.h"
#include "common/rollout/next.h"
#include "common/rollout/rights.h"
#include "common/rollout/rolling.h"
#include "common/rollout/strategy.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"
#include "tools/switch/identify.h"
#include "tools/switch/preflight.h"
#include "tools/switch/stages.h"

namespace baton::cutover {
namespace {

struct Row {
  std::string what;
  std::string does;
};

class Plan {
 public:
  Plan(World& world, const Preflight& found) : world_(world), found_(found), move_(found.move) {}

  std::vector<Row> objects() {
    std::vector<Row> rows;
    if (move_.rolled) {
      rows.push_back({fmt::format("{} {}", rollout::workloads_of(move_).kind, move_.deployment),
                      fmt::format("rolled over to {}, {}", image(), rollout::pace_words(found_.live.deployment))});
      return with_workers(std::move(rows));
    }
    if (move_.adopted) {
      rows.push_back(
          {"Deployment " + move_.previous_deployment,
           fmt::format("adopted: its pods get {}={}, none is restarted", move_.label, move_.previous_colour)});
    }
    add_manifest(rows);
    rows.push_back({"Deployment " + move_.deployment, "brought up with " + image()});
    if (!move_.route.empty()) {
      rows.push_back({"Service " + move_.deployment, "made for the route's weights, and deleted behind them"});
      rows.push_back({"HTTPRoute " + move_.route, "weighed, and given back as it is"});
    }
    if (move_.strategy == rollout::kCanary && world_.store)
      rows.push_back({"Deployment " + move_.previous_deployment,
                      "gets one more pod, as young as the canary, to compare it with; taken away behind it"});
    rows.push_back({"Service " + move_.service, fmt::format("{} → {}", rollout::selector_text(move_.selector_original),
                                                            rollout::selector_text(move_.selector_after))});
    for (const auto& name : move_.services) rows.push_back({"Service " + name, "goes with " + move_.service});
    auto& context = world_.context;
    for (const auto& one : rollout::autoscalers_of(context, move_.previous_deployment, move_.deployment))
      rows.push_back({"HorizontalPodAutoscaler " + rollout::name_of(one), "held, then aimed at " + move_.deployment});
    for (const auto& one : rollout::budgets_of(context, rollout::colours_of(context, move_)).following)
      rows.push_back({"PodDisruptionBudget " + rollout::name_of(one), "narrowed to the colour that serves"});
    return with_workers(std::move(rows));
  }

  std::vector<Row> stages() {
    const auto& config = world_.env.config.rollout();
    const int live = move_.replicas;
    std::vector<Row> rows;
    if (!move_.rolled)
      rows.push_back({std::string(kReady), fmt::format("no traffic; ready within {}, smoked with {}{}",
                                                       to_words(config.ready_timeout), probes(), rehearsal())});
    for (const auto& stage : stages_of(config))
      rows.push_back({stage.name, fmt::format("{}; judged for {}, at most {}", size_of(stage, live),
                                              to_words(stage.hold), to_words(stage.hold_max))});
    return rows;
  }

  static std::vector<Row> rows_of(const rollout::MissingRights& missing) {
    std::vector<Row> rows;
    for (const auto& right : missing.needed) rows.push_back({right, "without it the release stops"});
    for (const auto& right : missing.for_evidence) rows.push_back({right, "without it less evidence is kept"});
    for (const auto& right : missing.for_carrier)
      rows.push_back({right, "without it no CronJob or scheduled job can go on with the release"});
    return rows;
  }

 private:
  std::string image() const { return rollout::pinned_image(world_.env.config, move_.digest); }
  std::string probes() const {
    return count_text(static_cast<long long>(world_.env.config.rollout().smoke.size()), "probe");
  }

  std::string rehearsal() const {
    const auto requests = world_.env.config.rollout().rehearsal;
    return requests == 0 ? "" : ", rehearsed with " + count_text(requests, "request");
  }

  std::string testers() const {
    const auto& testers = world_.env.config.rollout().canary.testers;
    return testers.empty() ? "" : fmt::format(" and all of '{}'", join(testers, "', '"));
  }

  std::string size_of(const Stage& stage, int live) const {
    if (move_.rolled) return count_text(live, "pod") + ", each smoked with " + probes();
    if (stage.share == kAll || !move_.route.empty())
      return fmt::format("{} % of the traffic{}, {}", stage.share, stage.share == kAll ? "" : testers(),
                         count_text(rollout::replicas_of(found_.wanted), "pod"));
    const int pods = pods_for(stage.share, live);
    return fmt::format("{} beside {}: {:.1f} % of new connections", count_text(pods, "pod"), live,
                       100.0 * pods / (pods + live));
  }

  /// What a copy is of stays as it is.
  void add_manifest(std::vector<Row>& rows) const {
    for (const auto& name : move_.applied) rows.push_back({name, "applied; a rollback leaves it so"});
    const auto named = rollout::config_maps_of(found_.wanted);
    for (const auto& name : move_.config_maps)
      rows.push_back({"ConfigMap " + name, named.contains(name) ? "configuration of " + move_.deployment
                                                                : "deleted where no colour needs it any more"});
  }

  std::vector<Row> with_workers(std::vector<Row> rows) const {
    for (const auto& worker : move_.workers)
      rows.push_back({"Deployment " + worker.name, "a worker: rolled once the switch is proved"});
    return rows;
  }

  World& world_;
  const Preflight& found_;
  const rollout::Move& move_;
};

std::vector<Row> hooks_of(const Config& config) {
  const auto& hooks = config.hooks();
  const std::pair<const char*, const std::vector<Hook>&> events[] = {{"before each stage", hooks.before_stage},
                                                                     {"after each stage", hooks.after_stage},
                                                                     {"before a rollback", hooks.before_rollback}};
  std::vector<Row> rows;
  for (const auto& [event, list] : events)
    for (const auto& hook : list) rows.push_back({event, name_of(hook)});
  return rows;
}

std::string text_of(std::string_view heading, const std::vector<Row>& rows) {
  std::string text = fmt::format("{}\n", heading);
  for (const auto& row : rows) text += fmt::format("  {:<34} {}\n", row.what, row.does);
  return rows.empty() ? "" : text;
}

Json json_of(const std::vector<Row>& rows) {
  return json_list(rows, [](const Row& row) { return Json::object({{"what", row.what}, {"does", row.does}}); });
}

std::string obstacles_text(const Preflight& found) {
  std::vector<Row> rows;
  for (const auto& one : found.obstacles)
    if (one.outcome != Outcome::pass)
      rows.push_back({fmt::format("{} {}", outcome_mark(one.outcome), one.id), one.message});
  return text_of("In the way", rows);
}

}  // namespace

StepResult preview(World& world, const std::string& digest) {
  const auto found = preflight(world, digest);
  const auto& move = found.move;
  StepResult result{.verdict = found.is_refused ? Verdict::stop : Verdict::proceed, .findings = found.obstacles};
  const auto image = rollout::pinned_image(world.env.config, move.digest);
  result.summary =
      move.rolled
          ? fmt::format("Would roll {} of '{}' over to '{}', {}", count_text(move.replicas, "pod"), move.deployment,
                        image, rollout::pace_words(found.live.deployment))
          : fmt::format("Would {}bring up '{}' with {} of '{}', then move '{}' from '{}' to '{}'",
                        move.adopted ? "adopt '" + move.previous_deployment + "', " : "", move.deployment,
                        count_text(found.wanted["spec"]["replicas"].integer(), "replica"), image, move.service,
                        rollout::selector_text(move.selector_before), rollout::selector_text(move.selector_after));
  const auto hooks = hooks_of(world.env.config);
  if (!hooks.empty()) result.summary += "\n" + text_of("Hooks", hooks);
  result.record = Json::object(
      {{"move", rollout::to_json(move)}, {"hooks", json_of(hooks)}, {"deployment", rollout::masked(found.wanted)}});
  return result;
}

StepResult plan(const Options& /*options*/, Env& env) {
  World world(env, env.release.id);
  const auto digest = identify(env).subject.sha256;
  if (digest.empty())
    throw Error(ExitCode::unknown, "the registry could not be asked for the image",
                "Make the registry reachable from here.");
  const auto found = preflight(world, "sha256:" + digest);
  Plan plan(world, found);
  const auto objects = plan.objects();
  const auto stages = plan.stages();
  const auto missing = rollout::missing_rights(world.context, found.move);
  const auto rights = Plan::rows_of(missing);
  const auto hooks = hooks_of(env.config);
  const auto& move = found.move;
  const bool is_possible = !found.is_refused && missing.needed.empty();
  StepResult result{.verdict = is_possible ? Verdict::proceed : Verdict::stop, .findings = found.obstacles};
  result.summary = fmt::format(
      "{} of {} {}\n{}{}{}Way back, at any stage\n  {}\n{}{}", rollout::strategy_title(move.strategy),
      world.context.app, move.version, text_of("Changes", objects), text_of("Stages", stages), text_of("Hooks", hooks),
      rollout::rollback_command(world.context), text_of("Rights that are missing", rights), obstacles_text(found));
  result.record = Json::object({{"strategy", env.config.rollout().strategy},
                                {"changes", json_of(objects)},
                                {"stages", json_of(stages)},
                                {"hooks", json_of(hooks)},
                                {"missing_rights", json_of(rights)},
                                {"move", rollout::to_json(move)},
                                {"deployment", rollout::masked(found.wanted)}});
  return result;
}

}  // namespace baton::cutover
