// The JSON Schema of baton.yaml.
#pragma once

#include <string>

namespace baton {

/// JSON Schema 2020-12 of the file, from the same table the loader reads.
std::string config_schema();

}  // namespace baton
