// Test cases and what became of them.
#include "tools/precheck/reports/junit.h"

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kNamed = 5;

/// Follows one file; a case may hold several failures and still is one case.
class Counter {
 public:
  explicit Counter(std::string_view file) : file_(file) {}

  void start(const std::string& name, const XmlAttributes& attributes, int depth) {
    if (depth == 1 && name != "testsuites" && name != "testsuite") {
      throw Error(ExitCode::unknown, std::string(file_) + ": not JUnit: its root is '" + printable(name, 60) + "'",
                  "Name the JUnit report.");
    }
    if (name == "testcase") {
      in_case_ = true;
      failed_ = skipped_ = false;
      case_name_ = attribute(attributes, "classname") + "." + attribute(attributes, "name");
    }
    if (!in_case_) return;
    failed_ = failed_ || name == "failure" || name == "error";
    skipped_ = skipped_ || name == "skipped";
  }

  void end(const std::string& name) {
    if (name != "testcase") return;
    in_case_ = false;
    ++results_.tests;
    if (failed_) {
      ++results_.failed;
      if (results_.failures.size() < kNamed) results_.failures.push_back(printable(case_name_, 120));
    } else if (skipped_) {
      ++results_.skipped;
    }
  }

  const TestResults& results() const { return results_; }

 private:
  static std::string attribute(const XmlAttributes& attributes, const std::string& name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string{} : found->second;
  }

  std::string_view file_;
  TestResults results_;
  std::string case_name_;
  bool in_case_ = false;
  bool failed_ = false;
  bool skipped_ = false;
};

}  // namespace

TestResults& TestResults::operator+=(const TestResults& other) {
  tests += other.tests;
  failed += other.failed;
  skipped += other.skipped;
  for (const auto& failure : other.failures) {
    if (failures.size() < kNamed) failures.push_back(failure);
  }
  return *this;
}

TestResults parse_junit(std::string_view text, std::string_view name) {
  Counter counter(name);
  parse_xml(text, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { counter.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { counter.end(element); }});
  return counter.results();
}

}  // namespace baton::precheck
