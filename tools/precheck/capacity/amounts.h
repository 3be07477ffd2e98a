// What pods ask for and nodes have: whole numbers by resource, as the scheduler counts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "common/core/json.h"

namespace baton::precheck {

/// By resource: cpu in thousandths of a core, everything else in its own unit, each rounded up.
using Amounts = std::map<std::string, std::int64_t, std::less<>>;

inline constexpr std::string_view kCpu = "cpu";
inline constexpr std::string_view kMemory = "memory";
inline constexpr std::string_view kStorage = "ephemeral-storage";
inline constexpr std::string_view kPodCount = "pods";

/// Of a ResourceList. Throws Error{unknown} naming a quantity that is none.
Amounts amounts_in(const Json& list);
/// Of one quantity, in the unit of `resource` ("requests.cpu" counts as cpu).
std::int64_t amount_in(std::string_view resource, const Json& quantity);
/// 0 where there is none.
std::int64_t amount(const Amounts& amounts, std::string_view resource);

void add(Amounts& sum, const Amounts& more);
/// The larger one of each.
void raise(Amounts& to, const Amounts& other);
Amounts times(Amounts amounts, std::int64_t factor);

/// For people: "1.5 cores", "768 MB", "3".
std::string amount_text(std::string_view resource, std::int64_t amount);

}  // namespace baton::precheck
