// The one object that a new version number rebuilds.
#include "common/core/version.h"

namespace baton {

const std::string_view kVersion = BATON_VERSION;

}  // namespace baton
