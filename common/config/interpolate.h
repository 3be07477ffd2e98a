// ${NAME}, ${NAME:-default} and ${file:PATH} in parsed scalars; never in keys, never twice.
#pragma once

#include <string>

#include "common/config/source.h"
#include "common/io/env.h"

namespace baton::config {

struct Filled {
  YamlNode node;
  std::string missing = {};  ///< the first variable or file that is not there
};

/// `$${` stands for a plain `${`. Throws Error{usage} on a brace that is not closed or a name that is none.
Filled interpolate(const YamlNode& node, const Source& source, const Environment& environment);

}  // namespace baton::config
