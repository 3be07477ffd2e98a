// What other ways to judge a release make of the same series, as far as their public descriptions tell.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "tests/accuracy/series.h"

namespace baton::accuracy {

struct Peer {
  std::string_view name;
  /// How long after the switch; nothing: not within the window.
  std::optional<Duration> (*rolled_back)(const Series&);
};
std::span<const Peer> peers();

}  // namespace baton::accuracy
