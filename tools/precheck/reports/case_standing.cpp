// Retries: counted once, by the last of them.
#include "tools/precheck/reports/case_standing.h"

namespace baton::precheck {
namespace {

void count_by(TestResults& results, const CaseStanding& standing, int by) {
  results.tests += by;
  if (standing.is_flaky) results.flaky += by;
  if (standing.result == Result::skipped) results.skipped += by;
  if (standing.result == Result::failed) results.failed += by;
}

}  // namespace

CaseStanding after(const CaseStanding& before, const CaseStanding& now, bool had_failed) {
  if (now.result == Result::skipped && before.result == Result::failed) return before;
  return {.result = now.result, .is_flaky = now.result == Result::passed && (now.is_flaky || had_failed)};
}

void count_case(TestResults& results, const CaseStanding& standing, const std::string& label) {
  count_by(results, standing, 1);
  if (standing.result == Result::failed) keep_few(results.failures, label);
  if (standing.is_flaky) keep_few(results.flakes, label);
}

void discount_case(TestResults& results, const CaseStanding& standing, const std::string& label) {
  count_by(results, standing, -1);
  std::erase(results.failures, label);
  std::erase(results.flakes, label);
}

}  // namespace baton::precheck
