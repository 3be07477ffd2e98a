// Which process holds a Lease, exactly enough to tell on the same machine that it is dead.
#pragma once

#include <string>
#include <string_view>

namespace baton::rollout {

/// Boot, process namespace, process id and start of this process; empty where the system does not say.
std::string own_identity();
/// True only when `identity` is of this boot and this process namespace, and that process is gone.
bool is_dead(std::string_view identity);

}  // namespace baton::rollout
