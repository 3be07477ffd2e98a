// The new colour's pods: which are there when, and what the store has of what each counts.
#pragma once

#include <random>
#include <span>
#include <string>
#include <vector>

#include "common/judge/proportions.h"
#include "tests/accuracy/world.h"

namespace baton::accuracy {

/// Times are after the switch.
struct Pod {
  std::string name;
  Duration from{0};
  Duration to = Duration::max();
  std::vector<Duration> restarts = {};  ///< ascending

  /// There, and neither gone nor restarting.
  bool is_up(Duration at) const;
  /// Since it came or was restarted.
  Duration up_for(Duration at) const;
};
/// Pods that an autoscaler adds and takes away, and that are restarted, as often as the world says.
std::vector<Pod> draw_pods(const World& world, std::mt19937_64& random);

/// What is seen at each step's end of what all pods counted in it: shared out among those that are up at its beginning,
/// and read pod by pod as the product reads it. What a pod counted after its last scrape nobody ever sees.
std::vector<judge::Counts> seen_of(std::span<const Pod> pods, std::span<const judge::Counts> grown,
                                   std::mt19937_64& random);

}  // namespace baton::accuracy
