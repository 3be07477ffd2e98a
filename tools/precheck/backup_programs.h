// Whether what makes migrate's backup can read the server.
#pragma once

#include "common/io/files.h"
#include "tools/precheck/check.h"

namespace baton::precheck {

/// `packages` as find_dump_programs() takes it. Unknown where there is no program at all: migrate may run elsewhere.
Observation look_for_dump_programs(int server_major, const fs::path& packages = "/usr/lib/postgresql");

}  // namespace baton::precheck
