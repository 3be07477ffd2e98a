// Keys of the contract whose feature this version does not have.
#pragma once

#include <span>
#include <string_view>

namespace baton::config {

/// Keys of the contract whose feature this version does not have: refused by name, they and all below them.
std::span<const std::string_view> keys_of_later_versions();

}  // namespace baton::config
