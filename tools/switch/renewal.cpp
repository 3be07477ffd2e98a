// Renewing.
#include "tools/switch/renewal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/retired.h"
#include "common/step/connect.h"
#include "tools/switch/traffic.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDataPlane = 1s;  // kube-proxy gathers changes for that long

Duration least_ready(const Json& deployment) {
  return std::chrono::seconds(deployment["spec"]["minReadySeconds"].integer_or(0)) + kDataPlane;
}

/// Image as it is written → as the node pulled it.
std::map<std::string, std::string> images_of(const Json& pod) {
  std::map<std::string, std::string> pulled;
  for (const auto* list : {"containerStatuses", "initContainerStatuses"}) {
    for (const auto& status : pod["status"][list].items_or_none())
      pulled[status["name"].string_or("")] = status["imageID"].string_or("");
  }
  std::map<std::string, std::string> images;
  for (const auto* list : {"containers", "initContainers"}) {
    for (const auto& container : pod["spec"][list].items_or_none())
      images[container["image"].string()] = pulled[container["name"].string()];
  }
  return images;
}

class Renewal {
 public:
  Renewal(World& world, const rollout::Lease& lease, Attempt& attempt);

  /// One step further, from between the soak's looks; true when no more is to be done. A cluster that is away is waited
  /// out.
  bool step();

 private:
  bool begin();
  bool go_on();
  bool has_come_back();
  bool take_next();
  std::string why_not(const Json& old, const std::vector<Json>& pods);
  std::string unpullable(const Json& pod);
  bool leave(Outcome outcome, std::string message);

  World& world_;
  const rollout::Lease& lease_;
  Attempt& attempt_;
  Json old_ = {};
  std::vector<Json> left_ = {};
  std::size_t size_ = 0;  ///< how many are ready beside the one that is renewed, and that one
  int renewed_ = 0;
  bool has_begun_ = false;
  std::optional<Duration> taken_ = {};  ///< when the newest one was; nothing: the next one may go
  std::optional<Duration> back_ = {};   ///< since when all are ready again
};

Renewal::Renewal(World& world, const rollout::Lease& lease, Attempt& attempt)
    : world_(world), lease_(lease), attempt_(attempt) {}

bool Renewal::step() {
  try {
    return has_begun_ ? go_on() : begin();
  } catch (const kube::ApiError& error) {
    if (error.status() == 403) return leave(Outcome::warn, error.what());
    if (error.code() != ExitCode::unknown) throw;
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
  }
  return false;  // the soak's own looks say that the cluster is away
}

bool Renewal::begin() {
  const auto& move = attempt_.move;
  if (!world_.env.config.rollout().renews_old || move.rolled) return true;
  if (residual_of(world_, attempt_) == 0.0) return true;
  const auto old = world_.kube.find(kube::kDeployments, move.previous_deployment, world_.context.stop);
  if (!old || rollout::replicas_of(*old) < 2) return true;  // a single pod is the whole way back
  old_ = *old;
  auto pods = rollout::owned_pods(world_.context, old_);  // whose status tells which images they run
  std::erase_if(pods, [](const Json& pod) { return !rollout::serves(pod); });
  if (const auto why = why_not(old_, pods); !why.empty()) return leave(Outcome::warn, why);
  size_ = pods.size();
  left_ = pods;
  // One that nobody can date is left alone, as one that came after the switch.
  const auto created = [](const Json& pod) { return rollout::created_at(pod).value_or(Time::max()); };
  std::erase_if(left_, [&](const Json& pod) { return created(pod) >= *move.patched_at; });
  std::ranges::sort(left_, std::greater<>(), created);  // taken from the back: the oldest first
  has_begun_ = true;
  return go_on();
}

std::string Renewal::why_not(const Json& old, const std::vector<Json>& pods) {
  const auto& move = attempt_.move;
  const auto wanted = rollout::replicas_of(old);
  if (auto used = rollout::in_use(world_.kube, move.service, old, move.previous_id, world_.context.stop); !used.empty())
    return used;
  if (static_cast<int>(pods.size()) < wanted)
    return fmt::format("{} of {} of the way back are ready", pods.size(), count_text(wanted, "pod"));
  return unpullable(pods.front());
}

/// A new pod must become what the old one is: where a tag leads elsewhere by now the way back would be another one.
std::string Renewal::unpullable(const Json& pod) {
  try {
    auto registry = connect_registry(world_.env);
    for (const auto& [image, pulled] : images_of(pod)) {
      const auto manifest = registry.resolve(registry::parse_reference(image), world_.env.stop);
      if (!manifest) return fmt::format("'{}' is not in the registry any more: no pod of it could start anew", image);
      if (!image.ends_with(manifest->digest) && !pulled.ends_with(manifest->digest))
        return fmt::format("'{}' is {} in the registry and '{}' in its pods", image, manifest->digest, pulled);
    }
    return "";
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return std::string("whether its images can still be pulled is not known: ") + error.what();
  }
}

bool Renewal::go_on() {
  if (taken_ && !has_come_back()) {
    const auto limit = world_.env.config.rollout().ready_timeout + least_ready(old_);
    if (world_.env.clock.monotonic() - *taken_ < limit) return false;
    return leave(Outcome::warn, fmt::format("the pod that replaces one of '{}' is not ready after {}",
                                            attempt_.move.previous_deployment, to_words(limit)));
  }
  if (left_.empty()) return leave(Outcome::pass, "");
  return take_next();
}

bool Renewal::has_come_back() {
  const auto now = world_.env.clock.monotonic();
  const auto pods = rollout::ready_pods(world_.context, old_);
  if (pods.size() < size_) {
    back_.reset();
    return false;
  }
  if (!back_) back_ = now;
  return now - *back_ >= least_ready(old_);
}

bool Renewal::take_next() {
  lease_.confirm();
  const auto& pod = left_.back();
  world_.kube.remove(kube::kPods, rollout::name_of(pod), {.uid = rollout::uid_of(pod)}, world_.context.stop);
  left_.pop_back();
  ++renewed_;
  taken_ = world_.env.clock.monotonic();
  back_.reset();
  return false;
}

bool Renewal::leave(Outcome outcome, std::string message) {
  const auto& name = attempt_.move.previous_deployment;
  if (renewed_ > 0)
    world_.context.say(fmt::format("{} of {} renewed: kept connections move", count_text(renewed_, "pod"), name));
  attempt_.findings.push_back({.id = "kept-connections-moved",
                               .sop = "2c.4",
                               .title = "The old colour's pods were renewed, so that connections that are kept move",
                               .outcome = outcome,
                               .observed = Measured(renewed_, "pods"),
                               .message = std::move(message)});
  return true;
}

}  // namespace

Soaked soak_and_renew(World& world, rollout::Lease& lease, Attempt& attempt, const Stage& stage) {
  Renewal renewal(world, lease, attempt);
  return soak(world, lease, attempt, stage, [&] { return !renewal.step(); });
}

}  // namespace baton::cutover
