// JUnit XML, as every test runner writes it: test cases and what became of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/case_standing.h"
#include "tools/precheck/reports/stamp.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

using Words = std::span<const std::string_view>;

// What producers write into status and result of a case, besides or in place of an element below it.
constexpr std::array<std::string_view, 13> kNotRun = {"notrun",  "not_run",   "not run", "suppressed", "disabled",
                                                      "skipped", "untested",  "pending", "undefined",  "ignored",
                                                      "blocked", "cancelled", "canceled"};
constexpr std::array<std::string_view, 5> kFailed = {"fail", "failed", "failure", "error", "broken"};
constexpr std::array<std::string_view, 2> kFailures = {"failures", "errors"};
constexpr std::array<std::string_view, 3> kSkips = {"skipped", "disabled", "skips"};
// Elements below a case: each failure of one that failed to the end, and those of one that passed at last.
constexpr std::array<std::string_view, 4> kFailing = {"failure", "error", "rerunFailure", "rerunError"};
constexpr std::array<std::string_view, 2> kFlaking = {"flakyFailure", "flakyError"};

/// What runners that name themselves at the root do their own way.
struct Runner {
  std::string_view root = {};
  bool counts_unlisted = false;  ///< each subtest is declared as a test, and listed only if it failed
  bool repeats_failed = false;   ///< a case is listed again because it failed, even where its failure is not
  bool repeats_names = false;    ///< cases may share a name, and only the last run of a case is listed
};
constexpr Runner kAnyRunner = {};
constexpr std::array kRunners = {
    Runner{.root = "pytest tests", .counts_unlisted = true, .repeats_failed = true},
    Runner{.root = "jest tests", .repeats_names = true},
    Runner{.root = "vitest tests", .repeats_names = true},
    Runner{.root = "Mocha Tests", .repeats_names = true},
};

const Runner& runner_of(std::string_view root) {
  const auto found = std::ranges::find(kRunners, root, &Runner::root);
  return found == kRunners.end() ? kAnyRunner : *found;
}

bool is_root(std::string_view element) { return element == "testsuites" || element == "testsuite"; }
bool is_one_of(Words words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

std::string value_of(const XmlAttributes& attributes, std::string_view name) {
  return std::string(attributes.find(name).value_or(""));
}

/// What a suite declares under these names; 0 where it declares nothing that is a number.
long long declared(const XmlAttributes& attributes, Words names) {
  constexpr long long kMost = 1'000'000'000'000;
  long long sum = 0;
  for (const auto name : names) {
    const auto text = attributes.find(name).value_or("");
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    sum += error == std::errc::result_out_of_range ? kMost : std::clamp(number, 0LL, kMost);
  }
  return sum;
}

struct Case {
  std::size_t key = 0;
  std::string label = {};
  bool is_named = false;
  bool failed = false;
  bool skipped = false;
  bool flaked = false;
  bool is_ctests_not_run = false;  ///< unless its skip was asked for
  bool is_to_do = false;           ///< node counts no failure of one

  /// `depth`: of cases in cases. One has not run again because another within it has its name.
  Case(const XmlAttributes& attributes, std::size_t depth) : label(value_of(attributes, "classname")) {
    label += '.';
    label += attributes.find("name").value_or("");
    const auto status = to_lower(value_of(attributes, "status"));
    const auto result = to_lower(value_of(attributes, "result"));
    key = std::hash<std::string>{}(label) + depth;
    is_named = label != ".";
    failed = is_one_of(kFailed, status) || is_one_of(kFailed, result);
    skipped = is_one_of(kNotRun, status) || is_one_of(kNotRun, result);
    is_ctests_not_run = status == "notrun" && result.empty();
  }

  void take(const std::string& element, const XmlAttributes& attributes) {
    failed = failed || is_one_of(kFailing, element);
    flaked = flaked || is_one_of(kFlaking, element);
    if (element != "skipped") return;
    skipped = true;
    is_to_do = is_to_do || value_of(attributes, "type") == "todo";
    // ctest counts a test that it could not start as failed, and writes it like one that asked to be skipped.
    failed = failed || (is_ctests_not_run && !value_of(attributes, "message").starts_with("SKIP_"));
  }

  Result result() const {
    if (is_to_do) return Result::skipped;
    return failed ? Result::failed : skipped ? Result::skipped : Result::passed;
  }
};

struct Suite {
  std::string label = {};
  long long declared_tests = 0;
  long long declared_failures = 0;
  long long declared_skips = 0;
  // With those of the suites below:
  long long listed = 0;
  long long failures = 0;  ///< as the elements say
  long long skipped = 0;
  long long missing = 0;        ///< tests that are declared and not listed
  long long missing_skips = 0;  ///< likewise tests that did not run
  bool is_broken = false;       ///< it has an error of its own, beside its cases
  /// By the case's name, of which 64 bits are enough to tell a million apart.
  std::unordered_map<std::size_t, CaseStanding> cases = {};

  Suite() = default;
  explicit Suite(const XmlAttributes& attributes)
      : label(printable(value_of(attributes, "name"), 120)),
        declared_tests(declared(attributes, std::array<std::string_view, 1>{"tests"})),
        declared_failures(declared(attributes, kFailures)),
        declared_skips(declared(attributes, kSkips)) {
    if (label.empty()) label = "a suite without a name";
  }

  /// Outer suites may or may not declare what inner ones do.
  void close() {
    missing = std::max(missing, declared_tests - listed);
    missing_skips = std::max(missing_skips, declared_skips - skipped);
  }
  void add(const Suite& inner) {
    listed += inner.listed;
    failures += inner.failures;
    skipped += inner.skipped;
    missing += inner.missing;
    missing_skips += inner.missing_skips;
  }
};

/// Follows one file; a case may hold several failures and still is one case. What suites declare is compared with what
/// they list: reports are cut, filtered, and written by runners that lost a worker.
class Counter {
 public:
  explicit Counter(std::string_view file) : file_(file) {}

  void start(const std::string& element, const XmlAttributes& attributes, int depth) {
    if (depth == 1 && !is_root(element)) {
      throw Error(ExitCode::unknown, std::string(file_) + ": not JUnit: its root is '" + printable(element, 60) + "'",
                  "Name the JUnit report.");
    }
    if (depth == 1) runner_ = &runner_of(value_of(attributes, "name"));
    if (is_root(element)) {
      written_ = older(written_, parse_stamp(attributes.find("timestamp").value_or("")));
      suites_.emplace_back(attributes);
    } else if (element == "testcase") {
      cases_.emplace_back(attributes, cases_.size());
    } else {
      take(element, attributes);
    }
  }

  void end(const std::string& element) {
    if (element == "testcase") end_case();
    if (is_root(element)) end_suite();
  }

  ReadReport report() const {
    auto results = results_;
    if (nameless_ > 0) {
      keep_few(results.doubts, fmt::format("{}: {} passed without a name", file_, count_text(nameless_, "test case")));
    }
    return {.reading = results, .written = written_};
  }

 private:
  void take(const std::string& element, const XmlAttributes& attributes) {
    const bool is_failing = is_one_of(kFailing, element);
    // Some producers count a failure that a later run made good, others do not.
    if (is_failing || is_one_of(kFlaking, element)) ++suites_.back().failures;
    if (!cases_.empty()) return cases_.back().take(element, attributes);
    suites_.back().is_broken = suites_.back().is_broken || is_failing;
  }

  void end_case() {
    const Case one = std::move(cases_.back());
    cases_.pop_back();
    auto& suite = suites_.back();
    ++suite.listed;
    CaseStanding standing{.result = one.result()};
    standing.is_flaky = one.flaked && standing.result == Result::passed;
    if (standing.result == Result::skipped) ++suite.skipped;
    if (!one.is_named) {
      if (standing.result == Result::passed) ++nameless_;
      return count_case(results_, standing, "a test case without a name");
    }
    if (runner_->repeats_names) return count_case(results_, standing, one.label);
    const auto [known, is_new] = suite.cases.try_emplace(one.key, standing);
    if (!is_new) {
      const CaseStanding before = known->second;
      const bool had_failed = before.is_flaky || before.result == Result::failed || runner_->repeats_failed;
      discount_case(results_, before, one.label);
      known->second = after(before, standing, had_failed);
    }
    count_case(results_, known->second, one.label);
  }

  void fail(const std::string& what, long long times) {
    results_.tests += times;
    results_.failed += times;
    keep_few(results_.failures, what);
  }

  void end_suite() {
    Suite suite = std::move(suites_.back());
    suites_.pop_back();
    if (suite.is_broken) fail(suite.label + ".<init>", 1);
    if (suite.declared_failures > suite.failures) {
      fail(fmt::format("{}: {} declared, {} listed", suite.label, count_text(suite.declared_failures, "failure"),
                       suite.failures),
           suite.declared_failures - suite.failures);
      suite.failures = suite.declared_failures;
    }
    suite.close();
    if (suites_.empty()) return end_root(suite);
    suites_.back().add(suite);
  }

  /// Runners that do not list what did not run still declare it: mocha's pending tests.
  void end_root(const Suite& root) {
    const auto not_run = std::min(root.missing, root.missing_skips);
    results_.tests += not_run;
    results_.skipped += not_run;
    if (root.missing == not_run || runner_->counts_unlisted) return;
    keep_few(results_.doubts, fmt::format("{} disagrees with itself: {} declared, {} listed", file_,
                                          count_text(root.listed + root.missing, "test"), root.listed));
  }

  std::string_view file_;
  TestResults results_ = {};
  std::optional<Time> written_ = {};
  std::vector<Suite> suites_ = {};  ///< those that are open, the innermost last
  std::vector<Case> cases_ = {};    ///< likewise
  long long nameless_ = 0;
  const Runner* runner_ = &kAnyRunner;
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Counter counter(name);
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { counter.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { counter.end(element); }});
  return counter.report();
}

}  // namespace

extern const Format junit{.id = "junit",
                          .kind = ReportKind::tests,
                          .recognises = [](std::string_view head) { return is_root(xml_root(head)); },
                          .read = read};

}  // namespace baton::precheck
