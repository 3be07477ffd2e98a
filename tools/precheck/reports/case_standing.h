// What became of a test over all of its runs.
#pragma once

#include <string_view>

#include "tools/precheck/reading.h"

namespace baton::precheck {

enum class Result { passed, skipped, failed };

/// What is known of a case after its last run.
struct CaseStanding {
  Result result = Result::passed;
  bool is_flaky = false;
};

/// The last run decides. One that was skipped after a failure has not made it good. `had_failed`: it was run again
/// because it had.
CaseStanding after(const CaseStanding& before, const CaseStanding& now, bool had_failed);
/// Adds one case to the results, or takes it back. The label is foreign text.
void count_case(TestResults& results, const CaseStanding& standing, std::string_view label);
void discount_case(TestResults& results, const CaseStanding& standing, std::string_view label);

}  // namespace baton::precheck
