// The SOP's post-rollback analysis, begun with what the tool that rolled back knows.
#pragma once

#include "common/core/report.h"
#include "common/recovery/recovery.h"

namespace baton::recovery {

Report analysis(const Request& request, const Result& result, const std::vector<std::string>& evidence);

}  // namespace baton::recovery
