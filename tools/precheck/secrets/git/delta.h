// One object as the difference from another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baton::precheck::secrets {

/// The object that `delta` makes of `base`. Throws Error{unknown} where the two do not fit together, and where it would
/// have more than `most` bytes.
std::string apply_delta(std::string_view base, std::string_view delta, std::uint64_t most);

}  // namespace baton::precheck::secrets
