// One run of a step in a folder at a time.
#pragma once

#include <string>

#include "common/cli/session.h"
#include "common/io/files.h"

namespace baton {

/// Held while the returned lock lives. Throws Error{again} naming the holder when another run has it.
FileLock lock_step(const Session& session);

}  // namespace baton
