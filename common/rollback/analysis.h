// The SOP's post-rollback analysis, begun with what the tool that rolled back knows.
#pragma once

#include "common/core/report.h"
#include "common/rollback/rollback.h"

namespace baton::rollback {

Report analysis(const Request& request, const Result& result, const std::vector<std::string>& evidence);

/// What is added below an analysis that is there already: the first one is never overwritten.
std::string asked_again(const Request& request, const Result& result, Time now);

}  // namespace baton::rollback
