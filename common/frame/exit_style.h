// Our exit codes for callers that know only some numbers.
#pragma once

#include <string_view>

#include "common/step/record.h"

namespace baton {

/// What the process exits with. "codes": the record's own; "job": the same, but `again` is 0, for a scheduler to which
/// whatever is not 0 has failed; "nagios": 0 fine, 1 with warnings, 2 bad, 3 not known.
int exit_status(const Record& record, std::string_view style);

}  // namespace baton
