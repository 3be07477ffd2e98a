// A gauge over time, whatever pods told it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "common/clients/prometheus/client.h"

namespace baton::judge {

using Means = std::map<Time, double>;

/// A range answer, its series averaged at each time.
Means means_of(const prometheus::Answer& answer);
std::vector<double> values_of(const Means& means);
/// The highest of what was not gone below for five minutes; nothing where that was not seen.
std::optional<double> held_in(const Means& means);

}  // namespace baton::judge
