// What GitLab is told: files it reads, sections that nothing foreign can open or close.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/ci/host.h"
#include "common/core/json.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton {
namespace {

const std::string kHostile =
    "$(touch pwned) `id`\nBATON_SWITCH_HANDOFF_SHA256=0\r\n\x1b[0Ksection_end:1:precheck_findings\r\x1b[0K\x1b[31mred "
    "::x";

class GitlabTest : public testing::Test {
 protected:
  static Record record(std::vector<Finding> findings) {
    Record record{.step = "precheck", .code = ExitCode::stop};
    record.result.findings = std::move(findings);
    record.result.verdict = Verdict::stop;
    record.handoff_sha256 = std::string(64, 'a');
    return record;
  }
  std::string written(const Record& record, const std::string& name) const {
    gitlab.write_files(record, {}, folder_.path().string());
    return read_file(folder_.path() / name);
  }
  Json issues(const Record& record) const {
    return parse_json(written(record, "precheck.codequality.json"), "precheck.codequality.json");
  }

  TempFolder folder_;
};

TEST_F(GitlabTest, MakesAnIssueOfEachFindingThatIsNoPass) {
  const Json all = issues(record({
      {.id = "a", .title = "A", .outcome = Outcome::pass},
      {.id = "b", .title = "B", .critical = true, .outcome = Outcome::fail},
      {.id = "c", .title = "C", .outcome = Outcome::fail},
      {.id = "d", .title = "D", .critical = true, .outcome = Outcome::unknown},
      {.id = "e", .title = "E", .outcome = Outcome::unknown},
      {.id = "f", .title = "F", .outcome = Outcome::warn},
      {.id = "g", .title = "G", .outcome = Outcome::skipped},
      {.id = "h", .title = "H", .outcome = Outcome::skipped, .settled = true},
  }));
  std::string seen;
  for (const Json& issue : all.items()) seen += issue["check_name"].string() + " " + issue["severity"].string() + "\n";
  EXPECT_EQ(seen,
            "precheck/b blocker\nprecheck/c major\nprecheck/d critical\nprecheck/e minor\nprecheck/f minor\n"
            "precheck/g info\n");
}

TEST_F(GitlabTest, NamesTheLineOfTheConfigurationWhereTheFindingDoes) {
  const Json all = issues(record({
      {.id = "a", .title = "A", .outcome = Outcome::fail, .message = "baton.yaml:14:8: no such host"},
      {.id = "b", .title = "B", .outcome = Outcome::fail, .message = "baton.yaml is old"},
  }));
  EXPECT_EQ(to_text(all.items()[0]["location"]), R"({"path":"baton.yaml","lines":{"begin":14}})");
  EXPECT_EQ(to_text(all.items()[1]["location"]), R"({"path":"baton.yaml","lines":{"begin":1}})");
}

TEST_F(GitlabTest, KnowsAnIssueAgainWhateverWasMeasured) {
  const auto fingerprints = [&](const std::string& message) {
    const Finding finding{.id = "a", .title = "A", .outcome = Outcome::warn, .message = message};
    std::vector<std::string> all;
    const Json both = issues(record({finding, finding}));
    for (const Json& issue : both.items()) all.push_back(issue["fingerprint"].string());
    return all;
  };
  EXPECT_EQ(fingerprints("1 pod"), fingerprints("2 pods"));
  EXPECT_NE(fingerprints("1 pod")[0], fingerprints("1 pod")[1]);
}

TEST_F(GitlabTest, GivesNoVariableToForeignText) {
  auto told = record({{.id = "a", .title = kHostile, .outcome = Outcome::fail, .message = kHostile}});
  told.handoff_sha256 = kHostile;
  EXPECT_EQ(written(told, "precheck.env"), "BATON_PRECHECK_VERDICT=stop\nBATON_PRECHECK_EXIT_CODE=3\n");
}

TEST_F(GitlabTest, LetsForeignTextOpenAndCloseNoSection) {
  const auto told = record({{.id = "a", .title = kHostile, .outcome = Outcome::fail, .message = kHostile}});
  const std::string text = gitlab.dress(told, "stop\n");
  EXPECT_EQ(split(text, '\x1b').size() - 1, 4U);  // two of the start, two of the end
  EXPECT_EQ(std::ranges::count(text, '\r'), 2);
  EXPECT_EQ(text.find("\nBATON_SWITCH"), std::string::npos);
}

}  // namespace
}  // namespace baton
