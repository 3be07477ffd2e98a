// Merge patches, plain and strategic.
#include <algorithm>
#include <array>
#include <string_view>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/patch.h"

namespace baton::sandbox {
namespace {

struct Identity {
  std::string_view list;
  std::string_view key;
};
constexpr std::array kIdentities = {
    Identity{"containers", "name"}, Identity{"initContainers", "name"},    Identity{"env", "name"},
    Identity{"volumes", "name"},    Identity{"volumeMounts", "mountPath"}, Identity{"conditions", "type"},
};

/// Container ports and Service ports share their list's name but not their identity.
std::string_view identity_of(std::string_view list, const Json& items) {
  if (list == "ports") {
    const bool is_container = !items.items().empty() && items.items().front().find("containerPort") != nullptr;
    return is_container ? "containerPort" : "port";
  }
  const auto* found = std::ranges::find(kIdentities, list, &Identity::list);
  return found == kIdentities.end() ? "" : found->key;
}

bool is_directive(std::string_view key) { return key.starts_with('$'); }

Json without_directives(const Json& value) {
  if (!value.is_object()) return value;
  auto clean = Json::object();
  for (const auto& [key, member] : value.members()) {
    if (!is_directive(key)) clean[key] = member;
  }
  return clean;
}

Json merge_lists(Json list, const Json& patch, std::string_view key) {
  for (const auto& item : patch.items()) {
    auto& known = list.items();
    const auto found = std::ranges::find_if(known, [&](const Json& one) { return one[key] == item[key]; });
    const bool is_deletion = item["$patch"] == Json("delete");
    if (found == known.end()) {
      if (!is_deletion) known.push_back(without_directives(item));
    } else if (is_deletion) {
      known.erase(found);
    } else {
      *found = strategic_patched(*found, item);
    }
  }
  return list;
}

Json merged_member(std::string_view key, const Json& before, const Json& patch) {
  if (patch.is_array() && before.is_array()) {
    const auto identity = identity_of(key, patch);
    return identity.empty() ? patch : merge_lists(before, patch, identity);
  }
  return patch.is_object() ? strategic_patched(before, patch) : patch;
}

template <class Merge>
Json merged(Json object, const Json& patch, Merge merge) {
  if (!patch.is_object()) return patch;
  if (!object.is_object()) object = Json::object();
  for (const auto& [key, value] : patch.members()) {
    if (is_directive(key)) continue;
    if (value.is_null()) {
      object.erase(key);
    } else {
      auto after = merge(key, std::as_const(object)[key], value);
      object[key] = std::move(after);
    }
  }
  return object;
}

}  // namespace

Json merge_patched(Json object, const Json& patch) {
  return merged(std::move(object), patch, [](std::string_view, const Json& before, const Json& value) {
    return value.is_object() ? merge_patched(before, value) : value;
  });
}

Json strategic_patched(Json object, const Json& patch) { return merged(std::move(object), patch, merged_member); }

}  // namespace baton::sandbox
