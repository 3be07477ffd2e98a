// The metrics store, asked by checks that can do without it.
#pragma once

#include <string>

#include "tools/precheck/look.h"

namespace baton::precheck {

/// look.metrics(), but Error{unknown} where none is configured: that is a finding of one line, not the end of the run.
prometheus::Client& require_store(const Look& look);
/// `query` with {{app}} and {{namespace}} filled in.
std::string filled_query(const Look& look, const std::string& query);

}  // namespace baton::precheck
