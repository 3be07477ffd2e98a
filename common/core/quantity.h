// Kubernetes quantities: "500m", "1Gi", "2e3".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace baton {

/// A Kubernetes quantity in nano units, rounded up as apimachinery's resource.Quantity does, capped at ±2^63 - 1.
struct Quantity {
  std::int64_t whole = 0;  ///< rounded up
  double value = 0;        ///< with its fraction
};
std::optional<Quantity> parse_quantity(std::string_view text);

}  // namespace baton
