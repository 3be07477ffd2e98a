// One run of a step in a folder at a time.
#pragma once

#include <string>

#include "common/io/files.h"
#include "common/step/invocation.h"

namespace baton {

/// Held while the returned lock lives. Throws Error{again} naming the holder when another run has it.
FileLock lock_step(const Invocation& invocation);

}  // namespace baton
