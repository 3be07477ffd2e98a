// References to ConfigMaps, and the hash of what they hold.
#include "common/rollout/config_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/core/digest.h"
#include "common/core/error.h"

namespace baton::rollout {
namespace {

constexpr std::size_t kCopyDigits = 10;

/// Where a Deployment's pods name ConfigMaps; "*": each item.
constexpr std::array<std::string_view, 6> kReferences = {
    "spec/template/spec/initContainers/*/env/*/valueFrom/configMapKeyRef",
    "spec/template/spec/initContainers/*/envFrom/*/configMapRef",
    "spec/template/spec/containers/*/env/*/valueFrom/configMapKeyRef",
    "spec/template/spec/containers/*/envFrom/*/configMapRef",
    "spec/template/spec/volumes/*/configMap",
    "spec/template/spec/volumes/*/projected/sources/*/configMap"};

template <class Take>
void each_at(Json& json, std::string_view path, const Take& take) {
  if (path.empty()) return take(json);
  const auto end = std::min(path.find('/'), path.size());
  const auto key = path.substr(0, end);
  const auto rest = path.substr(std::min(end + 1, path.size()));
  if (key != "*") {
    if (std::as_const(json).find(key) != nullptr) each_at(json[key], rest, take);
  } else if (json.is_array()) {
    for (auto& item : json.items()) each_at(item, rest, take);
  }
}

template <class Take>
void each_reference(Json& deployment, const Take& take) {
  for (const auto path : kReferences) each_at(deployment, path, take);
}

Labels values_of(const Json& config_map, std::string_view member) {
  for (const auto& [key, value] : config_map[member].members_or_none()) {
    if (value.is_string()) continue;
    throw Error(
        ExitCode::usage,
        fmt::format("ConfigMap '{}': the value of '{}' is no text", config_map["metadata"]["name"].string_or(""), key),
        "Quote it in the manifest.");
  }
  return labels_from(config_map[member]);
}

}  // namespace

std::string content_of(const Json& config_map) {
  auto binary = values_of(config_map, "binaryData");
  for (auto& [key, value] : binary) value = to_base64(from_wrapped_base64(value));
  return sha256_hex(
      to_text(Json::object({{"binaryData", to_json(binary)}, {"data", to_json(values_of(config_map, "data"))}})));
}

std::string copy_name(std::string_view name, std::string_view content) {
  return fmt::format("{}-{}", name, content.substr(0, kCopyDigits));
}

bool is_copy_name(std::string_view name, std::string_view content) { return name.ends_with(copy_name("", content)); }

std::set<std::string> config_maps_of(const Json& deployment) {
  std::set<std::string> names;
  auto copy = deployment;
  each_reference(copy, [&](const Json& reference) { names.insert(reference["name"].string_or("")); });
  names.erase("");
  return names;
}

Json with_config_maps(Json deployment, const Labels& names) {
  each_reference(deployment, [&](Json& reference) {
    const auto found = names.find(std::as_const(reference)["name"].string_or(""));
    if (found != names.end()) reference["name"] = found->second;
  });
  return deployment;
}

}  // namespace baton::rollout
