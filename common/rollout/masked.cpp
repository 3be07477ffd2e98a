// Values of variables, wherever a container stands in an object.
#include "common/rollout/masked.h"

#include <algorithm>

namespace baton::rollout {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

void mask_variables(Json& variables) {
  for (Json& variable : variables.items()) {
    if (variable.is_object() && variable.find("value") != nullptr) variable["value"] = kMask;
  }
}

void mask(Json& value) {
  if (value.is_array()) {
    std::ranges::for_each(value.items(), mask);
  } else if (value.is_object()) {
    for (auto& [name, member] : value.members()) {
      if (name == kLastApplied) member = kMask;
      if (name == "env" && member.is_array()) mask_variables(member);
      mask(member);
    }
  }
}

}  // namespace

Json masked(Json object) {
  mask(object);
  return object;
}

}  // namespace baton::rollout
