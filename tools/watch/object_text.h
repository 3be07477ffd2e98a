// An object of the cluster as people read it.
#pragma once

#include <string>

#include "common/core/json.h"

namespace baton::watch {

/// A YAML document in block form that begins with "---"; texts of several lines stand as they are.
std::string object_text(const Json& object);

}  // namespace baton::watch
