// What the step works on: image, cluster, Service, and what is live.
#include "tools/switch/identify.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/recorded_move.h"
#include "common/step/connect.h"
#include "tools/switch/world.h"

namespace baton::cutover {
namespace {

constexpr std::string_view kAlgorithm = "sha256:";

/// Empty when the registry cannot be asked: the handoff of the step before knows the digest too.
std::string ask_registry(Env& env, const std::string& image) {
  try {
    auto registry = connect_registry(env);
    const auto manifest = registry.resolve(registry::parse_reference(image), env.stop);
    if (!manifest)
      throw Error(ExitCode::stop, fmt::format("image '{}' is not in the registry", image),
                  "Push it, or correct image and tag.");
    return manifest->digest.substr(kAlgorithm.size());
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    env.log.warning(error.what());
    return "";
  }
}

}  // namespace

std::string digest_for(const View& env) {
  if (!env.identity.subject.sha256.empty()) return std::string(kAlgorithm) + env.identity.subject.sha256;
  if (env.previous && !env.previous->subject.sha256.empty())
    return std::string(kAlgorithm) + env.previous->subject.sha256;
  throw Error(ExitCode::unknown,
              fmt::format("the digest of '{}' is not known: the registry could not be asked", image_with_tag(env)),
              "Make the registry reachable from here.");
}

Identity identify(Env& env) {
  const auto image = image_with_tag(env);
  World world(env, env.release.id);
  return {.subject = {.name = image, .sha256 = ask_registry(env, image)},
          .target = {.cluster_uid = world.kube.cluster_uid(env.stop),
                     .namespace_ = world.kube.namespace_name(),
                     .service = rollout::service_name(env.config),
                     .live = rollout::live_description(world.context)}};
}

bool is_resuming(Env& env) {
  World world(env, env.release.id);
  const auto recorded = rollout::recorded_move(world.context);
  return recorded && recorded->id == env.release.id && rollout::is_unfinished(recorded->phase);
}

bool is_confirmed(Env& env, const Handoff& own) {
  World world(env, own.release.id);
  const auto record = rollout::read_move_record(world.context);
  if (!record.move || !record.service || record.move->id != own.release.id) return false;
  const auto selector = rollout::labels_from((*record.service)["spec"]["selector"]);
  if (own.verdict == Verdict::rolled_back)
    return record.move->phase == rollout::Phase::undone && selector != record.move->selector_after;
  const bool went_live = own.verdict == Verdict::proceed || own.verdict == Verdict::caution;
  return went_live && record.move->phase == rollout::Phase::kept && selector == record.move->selector_after;
}

}  // namespace baton::cutover
