// Kept connections, by origin and proxy.
#include "common/io/http/pool.h"

#include <algorithm>

namespace baton {
namespace {

std::string key_of(const Route& route) {
  const std::string own = route.origin.scheme + "://" + route.origin.authority();
  return route.proxy ? own + " by " + route.proxy->user_info + "@" + route.proxy->authority() : own;
}

}  // namespace

Pool::Turn::Turn(Pool& pool, const Route& route, Reuse reuse) : pool_(pool) {
  // Closed once nobody waits for the lock any more.
  std::vector<std::unique_ptr<Wire>> stale;
  const std::lock_guard lock(pool_.mutex_);
  origin_ = &pool_.origins_[key_of(route)];
  origin_->most = std::max(origin_->most, ++origin_->running);
  auto& idle = origin_->idle;
  while (reuse == Reuse::allowed && !found_ && !idle.empty()) {
    auto& to = idle.back()->has_gone_stale() ? stale.emplace_back() : found_;
    to = std::move(idle.back());
    idle.pop_back();
  }
}

Pool::Turn::~Turn() {
  const std::lock_guard lock(pool_.mutex_);
  if (!is_over_) --origin_->running;
}

void Pool::Turn::keep(std::unique_ptr<Wire> wire) {
  std::unique_ptr<Wire> dropped;
  const std::lock_guard lock(pool_.mutex_);
  is_over_ = true;
  --origin_->running;
  auto& idle = origin_->idle;
  idle.push_back(std::move(wire));
  // A request that may not reuse a connection adds one; and those that nobody needs again are closed by their peer.
  if (idle.size() + origin_->running <= origin_->most && !idle.front()->has_gone_stale()) return;
  dropped = std::move(idle.front());
  idle.erase(idle.begin());
}

}  // namespace baton
