// What the step works on: image, cluster, Service, and what is live.
#include <fmt/format.h>

#include <algorithm>

#include "common/cli/connect.h"
#include "common/core/text.h"
#include "common/rollout/lease.h"
#include "tools/switch/digest.h"
#include "tools/switch/passage.h"
#include "tools/switch/switch.h"

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

std::string digest_for(const Env& env) {
  if (!env.identity.subject.sha256.empty()) return std::string(kAlgorithm) + env.identity.subject.sha256;
  if (env.previous && !env.previous->subject.sha256.empty())
    return std::string(kAlgorithm) + env.previous->subject.sha256;
  throw Error(ExitCode::unknown,
              fmt::format("the digest of '{}' is not known: the registry could not be asked", image_with_tag(env)),
              "Make the registry reachable from here.");
}

Identity identify(Env& env) {
  env.loaded.need("switch");
  const auto image = image_with_tag(env);
  Passage passage(env, env.release.id);
  return {.subject = {.name = image, .sha256 = ask_registry(env, image)},
          .target = {.cluster_uid = passage.kube.cluster_uid(env.stop),
                     .namespace_ = passage.kube.namespace_name(),
                     .service = rollout::service_name(env.config),
                     .live = rollout::live_description(passage.context)}};
}

bool is_resuming(Env& env) {
  Passage passage(env, env.release.id);
  const auto recorded = rollout::recorded_move(passage.context);
  return recorded && recorded->id == env.release.id && rollout::is_unfinished(recorded->phase);
}

}  // namespace baton::cutover
