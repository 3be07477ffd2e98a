// A window of a world, judged by the product and by its peers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/accuracy/world.h"

namespace baton::accuracy {

/// What the judge made of one window; times are after the switch.
struct Judged {
  std::optional<Duration> rolled_back = {};
  std::map<std::string, Duration, std::less<>> rules = {};  ///< when each held first
  bool by_soak = false;                                     ///< a warning through all of it
  std::optional<Duration> confirmed =
      {};  ///< by the error rate, with confirm: 60s; not tried where latency is at fault
  std::vector<std::optional<Duration>> by_peers = {};  ///< when each of peers() rolled back
};

/// Windows drawn from `seed`, the world's name and their number. No `fault`: nothing changed.
std::vector<Judged> judge_windows(const World& world, const Fault* fault, std::uint64_t seed, int windows);

}  // namespace baton::accuracy
