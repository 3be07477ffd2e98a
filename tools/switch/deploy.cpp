// Bringing up the next colour.
#include "tools/switch/deploy.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/rollout/adopt.h"
#include "common/rollout/conflict.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/smoke.h"
#include "tools/switch/survey.h"

namespace baton::cutover {
namespace {

constexpr Duration kSettled = std::chrono::seconds(1);

void write_deployment(Passage& passage, const rollout::Lease& lease, const Json& wanted) {
  auto& kube = passage.kube;
  rollout::until_not_lost([&] {
    const auto existing = kube.find(kube::kDeployments, rollout::name_of(wanted), passage.context.stop);
    lease.check();
    if (!existing) {
      kube.create(kube::kDeployments, wanted, passage.context.stop);
      return;
    }
    auto object = wanted;
    object["metadata"]["resourceVersion"] = (*existing)["metadata"]["resourceVersion"];
    kube.replace(kube::kDeployments, object, passage.context.stop);
  });
}

bool smoke_all(Passage& passage, Course& course, const std::vector<Json>& pods) {
  const auto service = rollout::find_service(passage.context);
  const auto findings = rollout::smoke(passage.context, service, pods);
  course.findings.insert(course.findings.end(), findings.begin(), findings.end());
  const auto failed = std::ranges::find(course.findings, Outcome::fail, &Finding::outcome);
  if (failed == course.findings.end()) return true;
  std::rotate(failed, failed + 1, course.findings.end());
  return false;
}

}  // namespace

bool bring_up(Passage& passage, rollout::Lease& lease, Course& course, const Json& wanted) {
  const auto& move = course.move;
  const auto replicas = rollout::replicas_of(wanted);
  rollout::adopt(passage.context, lease, move);
  write_deployment(passage, lease, wanted);
  passage.context.say(fmt::format("{} deployment created ({})", colour_title(move), count_text(replicas, "replica")));
  auto readiness = rollout::await_ready(passage.context, {.deployment = move.deployment,
                                                          .image = pinned_image(passage.env.config, move.digest),
                                                          .replicas = replicas,
                                                          .limit = passage.env.config.rollout.ready_timeout,
                                                          .settled = kSettled});
  course.findings.push_back(readiness.finding);
  if (!readiness.is_ready) return false;
  passage.context.say(fmt::format("All {} pods ready ({}/{})", move.colour, readiness.pods.size(), replicas));
  const bool has_passed = smoke_all(passage, course, readiness.pods);
  if (!passage.env.config.rollout.smoke.empty()) {
    passage.context.say(fmt::format("Smoke tests on {}: {}", move.colour, has_passed ? "PASS" : "FAIL"));
  }
  return has_passed;
}

}  // namespace baton::cutover
