// Copies of ConfigMaps, by compare-and-swap.
#include "common/rollout/copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/rollout/change.h"
#include "common/rollout/config_maps.h"
#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

bool is_planned(const Move& move, const std::string& name) {
  return std::ranges::find(move.config_maps, name) != move.config_maps.end();
}

/// Those that a colour's Deployment names.
std::set<std::string> copies_of(const Json& deployment) {
  std::set<std::string> copies;
  for (const auto& [name, content] : contents_then(deployment)) {
    if (is_copy_name(name, content)) copies.insert(name);
  }
  return copies;
}

/// Nothing of its owner's labels: who prunes by them would take it for something that was left behind.
Json copy_of(const Json& config_map, const std::string& name, const Move& move) {
  auto copy = Json::object(
      {{"apiVersion", "v1"},
       {"kind", "ConfigMap"},
       {"metadata", Json::object({{"name", name},
                                  {"labels", Json::object({{std::string(kCopyLabel), move.service}})},
                                  {"annotations", Json::object({{std::string(kIdAnnotation), move.id}})}})},
       {"immutable", true}});
  for (const auto* member : {"data", "binaryData"}) {
    if (const auto* values = config_map.find(member)) copy[member] = *values;
  }
  return copy;
}

/// The owners of `copy` once `deployment` owns it or, where it does not name it, no more. Who does not block deletion
/// needs no right to the Deployment's finalizers.
Json owners_after(const Json& copy, const std::optional<Json>& deployment) {
  auto owners = copy["metadata"]["ownerReferences"].items_or_none();
  if (!deployment) return Json::array(std::move(owners));
  const auto is_own = [&](const Json& owner) { return owner["uid"].string_or("") == uid_of(*deployment); };
  if (!config_maps_of(*deployment).contains(name_of(copy))) {
    std::erase_if(owners, is_own);
  } else if (std::ranges::none_of(owners, is_own)) {
    owners.push_back(Json::object({{"apiVersion", "apps/v1"},
                                   {"kind", "Deployment"},
                                   {"name", name_of(*deployment)},
                                   {"uid", uid_of(*deployment)}}));
  }
  return Json::array(std::move(owners));
}

/// Unless somebody owns it by now.
void drop(Context& context, const Lease& lease, const std::string& name, const std::optional<Json>& deployment) {
  until_not_lost([&] {
    const auto found = context.kube.find(kube::kConfigMaps, name, context.stop);
    if (!found || owners_after(*found, deployment).size() > 0) return;
    lease.confirm();
    const auto& version = (*found)["metadata"]["resourceVersion"].string();
    context.kube.remove(kube::kConfigMaps, name, {.uid = uid_of(*found), .version = version}, context.stop);
    context.say(fmt::format("ConfigMap {} deleted: no colour needs it any more", name));
  });
}

void settle(Context& context, const Lease& lease, const Json& copy, const std::optional<Json>& deployment,
            const std::set<std::string>& needed) {
  const auto& name = name_of(copy);
  if (owners_after(copy, deployment).size() == 0 && !needed.contains(name))
    return drop(context, lease, name, deployment);
  change(context, lease, kube::kConfigMaps, name, [&](Json& operations, const Json& found) {
    const auto after = owners_after(found, deployment);
    if (after.items() == found["metadata"]["ownerReferences"].items_or_none()) return;
    operations.push_back(operation("add", "/metadata/ownerReferences", after));
  });
}

std::set<std::string> named_by(const std::optional<Json>& deployment) {
  return deployment ? config_maps_of(*deployment) : std::set<std::string>{};
}

/// By the names under which the release gets them; not those that are there as it needs them.
std::set<std::string> brought_by(const Context& context, const Manifest& manifest) {
  std::set<std::string> names;
  for (const auto& object : manifest.beside) {
    if (!is_configuration(manifest, object)) continue;
    const auto content = content_of(object);
    const auto found = context.kube.find(kube::kConfigMaps, name_of(object), context.stop);
    if (found && content_of(*found) == content) continue;
    names.insert(found ? copy_name(name_of(object), content) : name_of(object));
  }
  return names;
}

}  // namespace

std::vector<std::string> plan_config_maps(const Context& context, const Move& move, const Json& live_deployment) {
  const auto manifest = manifest_of(context.config);
  auto names = manifest ? brought_by(context, *manifest) : std::set<std::string>{};
  const auto named = config_maps_of(manifest ? manifest->deployment : live_deployment);
  for (const auto& copy : copies_of(live_deployment)) {
    if (named.contains(copy)) names.insert(copy);
  }
  if (const auto next = context.kube.find(kube::kDeployments, move.deployment, context.stop))
    names.merge(copies_of(*next));
  return {names.begin(), names.end()};
}

Json with_copies(const Manifest& manifest, const Move& move) {
  Labels names;
  for (const auto& object : manifest.beside) {
    if (!is_configuration(manifest, object)) continue;
    const auto copy = copy_name(name_of(object), content_of(object));
    if (is_planned(move, copy)) names[name_of(object)] = copy;
  }
  return with_config_maps(manifest.deployment, names);
}

void bring_config_map(Context& context, const Lease& lease, const Move& move, const Json& config_map) {
  const auto content = content_of(config_map);
  const auto copy = copy_name(name_of(config_map), content);
  const bool is_copied = is_planned(move, copy);
  const auto wanted = is_copied ? copy_of(config_map, copy, move) : config_map;
  until_not_lost([&] {
    const auto found = context.kube.find(kube::kConfigMaps, name_of(wanted), context.stop);
    if (found && content_of(*found) == content) return;
    if (found)
      throw Error(ExitCode::stop,
                  fmt::format("ConfigMap '{}' holds something else than this release needs", name_of(wanted)),
                  "Find out who wrote it meanwhile; then run again.");
    lease.confirm();
    context.kube.create(kube::kConfigMaps, wanted, context.stop);
    context.say(is_copied ? fmt::format("ConfigMap {} made, this release's own copy of {}", copy, name_of(config_map))
                          : fmt::format("ConfigMap {} made", name_of(config_map)));
  });
}

void settle_copies(Context& context, const Lease& lease, const Move& move) {
  if (move.config_maps.empty()) return;
  const auto next = context.kube.find(kube::kDeployments, move.deployment, context.stop);
  const auto needed = named_by(context.kube.find(kube::kDeployments, move.previous_deployment, context.stop));
  const auto mark = selector_text({{std::string(kCopyLabel), move.service}});
  for (const auto& copy : context.kube.list(kube::kConfigMaps, {.labels = mark}, context.stop))
    settle(context, lease, copy, next, needed);
}

void own_copies(Context& context, const Lease& lease, const Move& move) {
  settle_copies(context, lease, move);
  const auto named = named_by(context.kube.find(kube::kDeployments, move.deployment, context.stop));
  for (const auto& copy : move.config_maps) {
    if (!named.contains(copy) || context.kube.find(kube::kConfigMaps, copy, context.stop)) continue;
    throw Error(ExitCode::unknown, fmt::format("ConfigMap '{}', which the next colour names, is gone", copy),
                "Find out who deleted it; then run again.");
  }
}

Labels contents_now(const Context& context, const Json& deployment) try {
  Labels contents;
  for (const auto& name : config_maps_of(deployment)) {
    if (const auto found = context.kube.find(kube::kConfigMaps, name, context.stop))
      contents[name] = content_of(*found);
  }
  return contents;
} catch (const kube::ApiError& error) {
  if (error.status() != 403) throw;
  return {};
}

Json with_contents(const Context& context, Json deployment) {
  if (const auto contents = contents_now(context, deployment); !contents.empty())
    deployment["metadata"]["annotations"][kConfigAnnotation] = to_text(to_json(contents));
  return deployment;
}

void add_contents(Json& operations, const Context& context, const Json& deployment) {
  if (const auto contents = contents_now(context, deployment); !contents.empty())
    add_annotation(operations, deployment, kConfigAnnotation, to_text(to_json(contents)));
}

Labels contents_then(const Json& deployment) {
  const auto* text = deployment["metadata"]["annotations"].find(kConfigAnnotation);
  return text == nullptr ? Labels{} : labels_from(parse_json(text->string(), std::string(kConfigAnnotation)));
}

}  // namespace baton::rollout
