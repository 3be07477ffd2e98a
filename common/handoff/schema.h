// The JSON Schema of a handoff, for editors and outside verifiers.
#pragma once

#include <string>

namespace baton {

/// JSON Schema 2020-12; what `--schema handoff` prints.
std::string handoff_schema();

}  // namespace baton
