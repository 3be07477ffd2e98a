// JSON helpers.
#include "tests/sandbox/json_tools.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton::sandbox {

Json sorted(const Json& value) {
  if (value.is_array()) {
    auto items = Json::array();
    for (const auto& item : value.items()) items.push_back(sorted(item));
    return items;
  }
  if (!value.is_object()) return value;
  auto members = value.members();
  std::ranges::sort(members, {}, &Json::Member::first);
  auto object = Json::object();
  for (const auto& [key, member] : members) object[key] = sorted(member);
  return object;
}

bool is_same(const Json& one, const Json& other) { return one == other || sorted(one) == sorted(other); }

const Json& at_path(const Json& object, std::string_view dotted) {
  const Json* here = &object;
  for (const auto& piece : split(dotted, '.')) here = &(*here)[piece];
  return *here;
}

const std::string& name_of(const Json& object) { return object["metadata"]["name"].string(); }
const std::string& uid_of(const Json& object) { return object["metadata"]["uid"].string(); }
std::string namespace_of(const Json& object) { return object["metadata"]["namespace"].string_or(""); }
bool is_terminating(const Json& object) { return !object["metadata"]["deletionTimestamp"].is_null(); }

Json controller_reference(const Json& owner) {
  return Json::object({{"apiVersion", owner["apiVersion"]},
                       {"kind", owner["kind"]},
                       {"name", name_of(owner)},
                       {"uid", uid_of(owner)},
                       {"controller", true},
                       {"blockOwnerDeletion", true}});
}

std::string controller_uid(const Json& object) {
  for (const auto& owner : object["metadata"]["ownerReferences"].items_or_none()) {
    if (owner["controller"].boolean_or(false)) return owner["uid"].string_or("");
  }
  return "";
}

void set_condition(Json& status, std::string_view type, bool is_true, Time now, std::string_view reason,
                   std::string_view message) {
  const auto wanted = is_true ? "True" : "False";
  auto condition = Json::object({{"type", type}, {"status", wanted}, {"lastTransitionTime", seconds_stamp(now)}});
  if (!reason.empty()) condition["reason"] = reason;
  if (!message.empty()) condition["message"] = message;
  auto& conditions = status["conditions"];
  if (conditions.is_null()) conditions = Json::array();
  for (auto& known : conditions.items()) {
    const Json& before = known;
    if (before["type"] != Json(type)) continue;
    if (before["status"] == Json(wanted)) condition["lastTransitionTime"] = before["lastTransitionTime"];
    known = std::move(condition);
    return;
  }
  conditions.push_back(std::move(condition));
}

bool has_condition(const Json& object, std::string_view type) {
  return std::ranges::any_of(object["status"]["conditions"].items_or_none(), [&](const Json& condition) {
    return condition["type"] == Json(type) && condition["status"] == Json("True");
  });
}

std::string seconds_stamp(Time time) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)); }

}  // namespace baton::sandbox
