// Retries: counted once, by the last of them.
#include "tools/precheck/reports/case_standing.h"

#include "common/core/printable.h"

namespace baton::precheck {
namespace {

void count_by(TestResults& results, const CaseStanding& standing, int by) {
  results.tests += by;
  if (standing.is_flaky) results.flaky += by;
  if (standing.result == Result::skipped) results.skipped += by;
  if (standing.result == Result::failed) results.failed += by;
}

/// What is kept of it: of names there may be millions.
std::string shown(std::string_view label) { return printable(label, 120); }

}  // namespace

CaseStanding after(const CaseStanding& before, const CaseStanding& now, bool had_failed) {
  if (now.result == Result::skipped && before.result == Result::failed) return before;
  return {.result = now.result, .is_flaky = now.result == Result::passed && (now.is_flaky || had_failed)};
}

void count_case(TestResults& results, const CaseStanding& standing, std::string_view label) {
  count_by(results, standing, 1);
  if (standing.result == Result::failed) keep_few(results.failures, shown(label));
  if (standing.is_flaky) keep_few(results.flakes, shown(label));
}

void discount_case(TestResults& results, const CaseStanding& standing, std::string_view label) {
  count_by(results, standing, -1);
  if (standing.result == Result::failed) std::erase(results.failures, shown(label));
  if (standing.is_flaky) std::erase(results.flakes, shown(label));
}

}  // namespace baton::precheck
