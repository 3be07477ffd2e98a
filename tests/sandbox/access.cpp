// Rights and refusals.
#include "tests/sandbox/access.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

struct VerbOf {
  std::string_view method;
  std::string_view of_object;
  std::string_view of_collection;
};
constexpr std::array kVerbs = {VerbOf{"GET", "get", "list"}, VerbOf{"POST", "create", "create"},
                               VerbOf{"PUT", "update", "update"}, VerbOf{"PATCH", "patch", "patch"},
                               VerbOf{"DELETE", "delete", "deletecollection"}};

std::string resource_of(const Call& call) {
  return std::string(call.kind.plural) + (call.subresource.empty() ? "" : "/" + call.subresource);
}

std::string verb_of(const Call& call) {
  const auto* found = std::ranges::find(kVerbs, call.question.method, &VerbOf::method);
  if (found == kVerbs.end()) return "get";
  if (!call.name.empty()) return std::string(found->of_object);
  return std::string(call.question.parameter("watch").empty() ? found->of_collection : "watch");
}

}  // namespace

void Access::allow_only(std::set<std::string> rights) {
  const std::scoped_lock lock(mutex_);
  is_limited_ = true;
  allowed_ = std::move(rights);
}

void Access::deny(const std::string& right) {
  const std::scoped_lock lock(mutex_);
  denied_.insert(right);
}

void Access::allow(const std::string& right) {
  const std::scoped_lock lock(mutex_);
  denied_.erase(right);
}

void Access::set_policy(std::string refusal, std::string kind, std::string part) {
  const std::scoped_lock lock(mutex_);
  policy_ = std::move(refusal);
  policy_kind_ = std::move(kind);
  policy_part_ = std::move(part);
}

bool Access::allows(const std::string& right) const {
  const std::scoped_lock lock(mutex_);
  return (!is_limited_ || allowed_.contains(right)) && !denied_.contains(right);
}

void Access::require(const Call& call) const {
  if (allows(verb_of(call) + " " + resource_of(call))) return;
  throw Refusal(403, "Forbidden",
                qualified_plural(call.kind) + " \"" + call.name + "\" is forbidden: User \"sandbox\" cannot " +
                    verb_of(call) + " resource \"" + resource_of(call) + "\"");
}

void Access::require_policy(const Call& call, const Json& object) const {
  const std::scoped_lock lock(mutex_);
  if (policy_.empty() || call.kind.name != policy_kind_) return;
  if (to_text(object["spec"]).find(policy_part_) == std::string::npos) return;
  throw Refusal(403, "Forbidden", "admission webhook \"policy\" denied the request: " + policy_);
}

}  // namespace baton::sandbox
