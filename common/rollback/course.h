// How an incident went: since when, found when, over when, and what the users had of it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "common/core/report.h"
#include "common/judge/scope.h"
#include "common/rollback/rollback.h"

namespace baton::rollback {

/// What the metrics counted of the requests that the bad version answered in a stretch. Nothing where there is no
/// store, where it cannot be asked, or where nobody counts requests: a rollback does not wait for it to be known.
std::optional<Affected> affected_users(const Request& request, const judge::Scope& scope, Time from, Time to);

/// The SOP's "Mean Time to Rollback" and what it is made of, a line each; what is not known is said.
std::vector<ReportLine> lines_of(const Course& course, std::string_view by);

}  // namespace baton::rollback
