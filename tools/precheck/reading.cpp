// Sums over several reports.
#include "tools/precheck/reading.h"

#include <utility>

namespace baton::precheck {
namespace {

constexpr std::size_t kFew = 5;

void keep_few_of(std::vector<std::string>& few, const std::vector<std::string>& texts) {
  for (const auto& text : texts) keep_few(few, text);
}

}  // namespace

void keep_few(std::vector<std::string>& few, const std::string& text) {
  if (few.size() < kFew) few.push_back(text);
}

TestResults& TestResults::operator+=(const TestResults& other) {
  tests += other.tests;
  failed += other.failed;
  skipped += other.skipped;
  flaky += other.flaky;
  keep_few_of(failures, other.failures);
  keep_few_of(flakes, other.flakes);
  keep_few_of(doubts, other.doubts);
  return *this;
}

LineCount LineCoverage::count() const {
  const auto by_lines = lines.count();
  if (root && (by_lines.valid == 0 || root->percent() < by_lines.percent())) return *root;
  return by_lines;
}

LineCoverage& LineCoverage::operator+=(const LineCoverage& other) {
  lines += other.lines;
  if (other.root && (!root || other.root->percent() < root->percent())) root = other.root;
  if (unlisted.empty()) unlisted = other.unlisted;
  measured += other.measured;
  keep_few_of(doubts, other.doubts);
  return *this;
}

ReadReport read_as(SecurityReport report, std::optional<Time> written) {
  auto about = report.digests.empty() ? std::string{} : report.digests.front();
  return {.reading = std::move(report), .written = written, .about = std::move(about)};
}

std::string_view kind_text(ReportKind kind) {
  switch (kind) {
    case ReportKind::tests:
      return "test results";
    case ReportKind::coverage:
      return "coverage";
    case ReportKind::vulnerabilities:
      return "vulnerabilities";
  }
  return "";
}

}  // namespace baton::precheck
