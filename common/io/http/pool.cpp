// Kept connections, by origin and proxy.
#include "common/io/http/pool.h"

namespace baton {
namespace {

constexpr std::size_t kKeptPerOrigin = 4;

std::string key_of(const Route& route) {
  const std::string own = route.origin.scheme + "://" + route.origin.authority();
  return route.proxy ? own + " by " + route.proxy->user_info + "@" + route.proxy->authority() : own;
}

}  // namespace

std::unique_ptr<Wire> Pool::take(const Route& route) {
  const std::lock_guard lock(mutex_);
  auto& wires = kept_[key_of(route)];
  while (!wires.empty()) {
    auto wire = std::move(wires.back());
    wires.pop_back();
    if (!wire->has_gone_stale()) return wire;
  }
  return nullptr;
}

void Pool::keep(const Route& route, std::unique_ptr<Wire> wire) {
  const std::lock_guard lock(mutex_);
  auto& wires = kept_[key_of(route)];
  if (wires.size() < kKeptPerOrigin) wires.push_back(std::move(wire));
}

}  // namespace baton
