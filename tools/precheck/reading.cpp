// Sums over several reports.
#include "tools/precheck/reading.h"

#include <algorithm>
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
  auto by_lines = lines.count();
  const auto by_blocks = blocks.count();
  by_lines.covered += by_blocks.covered;
  by_lines.valid += by_blocks.valid;
  if (root && (by_lines.valid == 0 || root->percent() < by_lines.percent())) return *root;
  return by_lines;
}

LineCoverage& LineCoverage::operator+=(const LineCoverage& other) {
  lines += other.lines;
  blocks += other.blocks;
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

LoadResults& LoadResults::operator+=(const LoadResults& other) {
  const auto is_worse = [](const P95& one, const P95& than) { return one.ms > than.ms; };
  if (other.p95 && (!p95 || is_worse(*other.p95, *p95))) p95 = other.p95;
  requests += other.requests;
  if (other.failed_share) failed_share = std::max(failed_share.value_or(0), *other.failed_share);
  if (silent.empty()) silent = other.silent;
  keep_few_of(crossed, other.crossed);
  keep_few_of(doubts, other.doubts);
  return *this;
}

std::string_view kind_text(ReportKind kind) {
  switch (kind) {
    case ReportKind::tests:
      return "test results";
    case ReportKind::coverage:
      return "coverage";
    case ReportKind::vulnerabilities:
      return "vulnerabilities";
    case ReportKind::performance:
      return "performance";
  }
  return "";
}

}  // namespace baton::precheck
