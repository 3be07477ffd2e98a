// Integers that outside verifiers could not hold.
#include "common/handoff/handoff_terms.h"

#include <utility>
#include <vector>

#include "common/handoff/handoff.h"

namespace baton {
namespace {

/// Members and items, each with the step of a path that leads to it.
std::vector<std::pair<std::string, const Json*>> inner_values(const Json& value) {
  std::vector<std::pair<std::string, const Json*>> inner;
  if (value.is_object()) {
    for (const auto& [key, member] : value.members()) inner.emplace_back(key, &member);
  }
  if (value.is_array()) {
    for (const Json& item : value.items()) inner.emplace_back("[]", &item);
  }
  return inner;
}

}  // namespace

std::string first_too_large(const Json& value, const std::string& path) {
  if (value.is_integer()) {
    const std::int64_t number = value.integer();
    return number > kMaxHandoffInteger || number < -kMaxHandoffInteger ? path : std::string();
  }
  for (const auto& [step, inner] : inner_values(value)) {
    std::string deeper = path;
    if (!path.empty() && step.front() != '[') deeper += '.';
    deeper += step;
    if (auto found = first_too_large(*inner, deeper); !found.empty()) return found;
  }
  return {};
}

}  // namespace baton
