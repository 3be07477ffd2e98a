// JUnit XML, as every test runner writes it: test cases and what became of them.
#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/xml.h"

namespace baton::precheck {
namespace {

bool is_root(std::string_view element) { return element == "testsuites" || element == "testsuite"; }

/// Follows one file; a case may hold several failures and still is one case. The totals that somebody wrote into
/// attributes are not read.
class Counter {
 public:
  explicit Counter(std::string_view file) : file_(file) {}

  void start(const std::string& name, const XmlAttributes& attributes, int depth) {
    if (depth == 1 && !is_root(name)) {
      throw Error(ExitCode::unknown, std::string(file_) + ": not JUnit: its root is '" + printable(name, 60) + "'",
                  "Name the JUnit report.");
    }
    if (name == "testcase") {
      in_case_ = true;
      failed_ = skipped_ = false;
      case_name_ = attributes.find("classname").value_or("");
      case_name_.append(".").append(attributes.find("name").value_or(""));
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
      results_.name_failure(printable(case_name_, 120));
    } else if (skipped_) {
      ++results_.skipped;
    }
  }

  const TestResults& results() const { return results_; }

 private:
  std::string_view file_;
  TestResults results_;
  std::string case_name_;
  bool in_case_ = false;
  bool failed_ = false;
  bool skipped_ = false;
};

Reading read(std::istream& bytes, std::string_view name) {
  Counter counter(name);
  parse_xml(bytes, name,
            {.start = [&](const std::string& element, const XmlAttributes& attributes,
                          int depth) { counter.start(element, attributes, depth); },
             .end = [&](const std::string& element, int) { counter.end(element); }});
  return counter.results();
}

}  // namespace

extern const Format junit{.id = "junit",
                          .kind = ReportKind::tests,
                          .recognises = [](std::string_view head) { return is_root(xml_root(head)); },
                          .read = read};

}  // namespace baton::precheck
