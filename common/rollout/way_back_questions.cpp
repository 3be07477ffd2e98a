// The Deployment that is gone back to, and what its pods are made of.
#include "common/rollout/way_back_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/core/text.h"
#include "common/rollout/copies.h"
#include "common/rollout/live.h"
#include "common/rollout/named_objects.h"
#include "common/rollout/next.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"

namespace baton::rollout::way_back {
namespace {

/// What only new pods need is lost where a rollback needs those, and a risk where it does not.
Answer lacking_for_new_pods(const Look& look, std::string observed, const std::string& what, std::string recovery) {
  const auto means =
      look.starts_pods
          ? fmt::format("{}: the pods that a rollback has to start would not start", what)
          : fmt::format("{}: no new pod of '{}' can start; {} that stand can take the traffic as long as they last",
                        what, look.name, count_text(look.ready, "pod"));
  return {.outcome = look.starts_pods ? Outcome::fail : Outcome::warn,
          .observed = std::move(observed),
          .message = means,
          .recovery = {std::move(recovery)}};
}

const Json& container_named(const Json& pod_spec, const std::string& name) {
  static const Json none;
  for (const auto* kind : {"containers", "initContainers"}) {
    for (const auto& container : pod_spec[kind].items_or_none()) {
      if (container["name"].string_or("") == name) return container;
    }
  }
  return none;
}

/// The image that nobody expects in it; empty: it holds what it should.
std::string foreign_image(const Look& look, const Json& deployment) {
  const auto& move = look.move;
  if (!move.rolled) {
    if (move.previous_image.empty() || has_image(deployment, move.previous_image)) return "";
    const auto container = container_of(deployment, look.context.config, repository_of(move.previous_image));
    return container["image"].string_or("");
  }
  const auto release = pinned_image(look.context.config, move.digest);
  for (const auto& [name, before] : move.rolled->images) {
    auto now = container_named(look.spec, name)["image"].string_or("");
    if (now != before && !is_same_image(now, release)) return now;
  }
  return "";
}

std::set<std::string> images_back(const Move& move) {
  std::set<std::string> images;
  if (!move.rolled) images.insert(move.previous_image);
  if (move.rolled) {
    for (const auto& [name, image] : move.rolled->images) images.insert(image);
  }
  images.erase("");
  return images;
}

/// What of the ConfigMap is not there; empty: all is.
std::string absent_of(Look& look, const std::string& name, const std::set<std::string>& keys) {
  const auto found = look.context.kube.find(kube::kConfigMaps, name, look.context.stop);
  if (!found) return fmt::format("ConfigMap '{}' is not there", name);
  for (const auto& key : keys) {
    if ((*found)["data"].find(key) == nullptr && (*found)["binaryData"].find(key) == nullptr)
      return fmt::format("ConfigMap '{}' has no '{}'", name, key);
  }
  return "";
}

/// ConfigMaps that hold something else by now. A Deployment that was rolled over itself may have got its configuration
/// long after it came up.
std::vector<std::string> changed_of(Look& look) {
  std::vector<std::string> changed;
  const auto then = contents_then(*look.deployment);
  if (then.empty() || look.move.rolled) return changed;
  for (const auto& [name, content] : contents_now(look.context, *look.deployment)) {
    const auto before = then.find(name);
    if (before != then.end() && before->second != content) changed.push_back(name);
  }
  return changed;
}

std::string names_in(const std::map<std::string, std::set<std::string>>& named) {
  std::vector<std::string> names;
  for (const auto& [name, keys] : named) names.push_back(name);
  return join(names, ", ");
}

}  // namespace

Answers deployment(Look& look) {
  const auto kind = workloads_of(look.move).kind;
  const auto& found = look.deployment;
  if (!found) {
    return Answer{.outcome = Outcome::fail,
                  .observed = "absent",
                  .message = fmt::format("{} '{}' is gone: there is nothing to go back to", kind, look.name),
                  .recovery = {fmt::format("Go forward with a good release, or create '{}' again with the image '{}'.",
                                           look.name, look.move.previous_image)}};
  }
  const auto foreign = foreign_image(look, *found);
  if (foreign.empty()) return Answer{.observed = look.name};
  return Answer{
      .outcome = Outcome::fail,
      .observed = foreign,
      .message = fmt::format("{} '{}' holds '{}' by now: a rollback would refuse it", kind, look.name, foreign),
      .recovery = {fmt::format("Find out who deployed it; give '{}' the image '{}' back.", look.name,
                               look.move.previous_image)}};
}

Answers size(Look& look) {
  if (look.move.rolled) return std::nullopt;
  const auto& before = look.facts.before;
  Answer answer{.observed = fmt::format("{} of {} ready", look.ready, count_text(look.wanted, "pod"))};
  if (look.ready >= look.wanted) return answer;
  const bool is_shrunk = replicas_of(*before.deployment) < look.wanted;
  if (before.trouble.empty() && is_shrunk) {
    answer.message = fmt::format("scaled down to {}: takes a minute longer, {} more have to start first",
                                 replicas_of(*before.deployment), count_text(look.wanted - look.ready, "pod"));
    return answer;
  }
  const bool is_lost = !before.trouble.empty() || (look.ready == 0 && !before.is_starting);
  answer.outcome = is_lost ? Outcome::fail : Outcome::warn;
  answer.message = before.trouble.empty() ? fmt::format("pods of '{}' are missing", look.name) : before.trouble;
  answer.recovery = {
      fmt::format("Bring the pods of '{}' up; until then a rollback would serve with fewer.", look.name)};
  return answer;
}

Answers image(Look& look) {
  const auto images = images_back(look.move);
  if (!look.facts.has_image || images.empty()) return std::nullopt;
  for (const auto& one : images) {
    if (!look.facts.has_image(one))
      return lacking_for_new_pods(look, "absent", fmt::format("the registry has no '{}' any more", one),
                                  fmt::format("Push '{}' again.", one));
  }
  return Answer{.observed = fmt::format("{}", fmt::join(images, ", "))};
}

Answers configuration(Look& look) {
  const auto named = named_in(look.spec);
  const auto changed = changed_of(look);
  if (named.config_maps.empty() && named.secrets.empty() && changed.empty()) return std::nullopt;
  for (const auto& [name, keys] : named.config_maps) {
    const auto absent = absent_of(look, name, keys);
    if (!absent.empty())
      return lacking_for_new_pods(look, "absent", absent, "Create it again as the release before had it.");
  }
  if (!changed.empty())
    return Answer{.outcome = Outcome::warn,
                  .observed = join(changed, ", "),
                  .message = fmt::format("ConfigMap '{}' holds something else than when '{}' came up: its pods would "
                                         "restart with another configuration",
                                         join(changed, "', '"), look.name),
                  .recovery = {"Put back what it held before a rollback is needed; a ConfigMap that stands in "
                               "kubernetes.manifest is kept for each colour."}};
  Answer answer{.observed = names_in(named.config_maps)};
  if (!named.secrets.empty())
    answer.message = fmt::format("Secrets {} are named and not looked at: a rollback does not restore what is in them",
                                 names_in(named.secrets));
  return answer;
}

}  // namespace baton::rollout::way_back
