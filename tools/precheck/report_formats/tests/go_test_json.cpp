// What `go test -json` prints: an event a line.
#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/case_standing.h"
#include "tools/precheck/reports/json.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMaxPackages = 100'000;

struct Event {
  std::string action = {};
  std::string package = {};
  std::string test = {};
  std::string time = {};

  void take(const JsonPath& at, const JsonScalar& value) {
    if (at.is({"Action"})) action = value.text;
    if (at.is({"Package"})) package = value.text;
    if (at.is({"ImportPath"}) && package.empty()) package = value.text;
    if (at.is({"Test"})) test = value.text;
    if (at.is({"Time"})) time = value.text;
  }
  std::optional<Result> result() const {
    if (action == "pass") return Result::passed;
    if (action == "skip") return Result::skipped;
    if (action == "fail") return Result::failed;
    return std::nullopt;
  }
};

struct Package {
  bool is_open = false;  ///< it began, and has not ended
  bool has_failed = false;
  long long failing = 0;  ///< tests, after the last run of each
};

/// Follows the events; a subtest is a test, and so is the one that it belongs to.
class Counter {
 public:
  explicit Counter(std::string_view file) : file_(file) {}

  void take(const Event& event) {
    if (event.action.empty()) broken("an event has no action");
    if (event.package.empty()) return;
    auto& package = packages_[event.package];
    if (packages_.size() > kMaxPackages) broken("it tells of more than 100000 packages");
    const auto result = event.result();
    if (event.action == "build-fail") {
      package.has_failed = true;
    } else if (!event.test.empty()) {
      package.is_open = true;
      if (result) end_test(package, event, *result);
    } else if (result) {
      package.is_open = false;
      package.has_failed = result == Result::failed;
      written_ = older(written_, parse_stamp(event.time));
    } else if (event.action == "start") {
      package.is_open = true;
    }
  }

  ReadReport report() {
    if (packages_.empty()) broken("it tells of no package");
    for (const auto& [name, package] : packages_) {
      if (package.is_open) broken("of package '" + printable(name, 120) + "' there is no result");
      // A build that failed, a panic between tests, a TestMain that ended with another code.
      if (package.has_failed && package.failing == 0)
        count_case(results_, {.result = Result::failed}, name + " as a whole");
    }
    return {.reading = results_, .written = written_};
  }

 private:
  [[noreturn]] void broken(const std::string& what) const {
    throw Error(ExitCode::unknown, std::string(file_) + ": " + what,
                "Let go test -json end by itself, and keep all of it.");
  }

  void end_test(Package& package, const Event& event, Result result) {
    const auto name = event.package + "." + event.test;
    const CaseStanding now{.result = result};
    const auto [known, is_new] = cases_.try_emplace(std::hash<std::string>{}(name), now);
    if (!is_new) {
      const auto before = known->second;
      discount_case(results_, before, name);
      if (before.result == Result::failed) --package.failing;
      known->second = after(before, now, before.is_flaky || before.result == Result::failed);
    }
    if (known->second.result == Result::failed) ++package.failing;
    count_case(results_, known->second, name);
  }

  std::string_view file_;
  TestResults results_ = {};
  std::optional<Time> written_ = {};
  std::map<std::string, Package> packages_ = {};
  /// By package and test, of which 64 bits are enough to tell a million apart.
  std::unordered_map<std::size_t, CaseStanding> cases_ = {};
};

ReadReport read(std::istream& bytes, std::string_view name) {
  Counter counter(name);
  Event event;
  parse_json_events(bytes, name, JsonDocuments::many,
                    {.value = [&](const JsonPath& at, const JsonScalar& value) { event.take(at, value); },
                     .end =
                         [&](const JsonPath& at) {
                           if (at.depth() > 0) return;
                           counter.take(event);
                           event = {};
                         }});
  return counter.report();
}

bool recognises(std::string_view head) {
  const auto keys = json_keys(head);
  return keys.contains("Action") && (keys.contains("Package") || keys.contains("ImportPath"));
}

}  // namespace

extern const Format go_test_json{
    .id = "go-test-json", .kind = ReportKind::tests, .recognises = recognises, .read = read};

}  // namespace baton::precheck
