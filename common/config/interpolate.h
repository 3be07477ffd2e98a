// ${NAME}, ${NAME:-default} and ${file:PATH} in parsed scalars; never in keys, never twice.
#pragma once

#include <string>

#include "common/config/source.h"
#include "common/io/env.h"

namespace baton::config {

struct Filled {
  YamlNode node;
  bool is_filled = false;    ///< at least one was replaced
  std::string missing = {};  ///< the first variable or file that is not there
};

/// `$${` stands for a plain `${`. Throws Error{usage} on a brace that is not closed, a name that is none, a default
/// that holds another one, and a file that is there but cannot be read.
Filled interpolate(const YamlNode& node, const Source& source, const Environment& environment);

}  // namespace baton::config
