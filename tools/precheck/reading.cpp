// Sums over several reports.
#include "tools/precheck/reading.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kNamed = 5;

}  // namespace

void TestResults::name_failure(const std::string& name) {
  if (failures.size() < kNamed) failures.push_back(name);
}

TestResults& TestResults::operator+=(const TestResults& other) {
  tests += other.tests;
  failed += other.failed;
  skipped += other.skipped;
  for (const auto& failure : other.failures) name_failure(failure);
  return *this;
}

LineCoverage& LineCoverage::operator+=(const LineCoverage& other) {
  covered += other.covered;
  valid += other.valid;
  return *this;
}

std::string_view kind_text(ReportKind kind) {
  switch (kind) {
    case ReportKind::tests:
      return "test results";
    case ReportKind::coverage:
      return "coverage";
  }
  return "";
}

}  // namespace baton::precheck
