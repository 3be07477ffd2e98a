// What each key may look like in the file.
#pragma once

#include <string_view>

namespace baton::config {

/// A value of the key in YAML's flow form, as schema and documentation show it; every key has one.
std::string_view example_of(std::string_view path);

}  // namespace baton::config
