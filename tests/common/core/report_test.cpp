// Reports: Markdown in the SOP's layout, JUnit that any reader takes.
#include "common/core/report.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

Finding finding(std::string id, Outcome outcome, std::string message = {}) {
  return {.id = std::move(id),
          .outcome = outcome,
          .observed = Measured(45, "%"),
          .expected = Expected("<", Measured(70, "%")),
          .message = std::move(message),
          .duration_ms = 1234};
}

bool has(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

TEST(ReportTest, MarkdownFollowsTheSopsLayout) {
  const Report report{
      .title = "Pre-Deployment Checklist: v1.6.0",
      .sections = {{.heading = "Quality Gates", .mark = Outcome::pass},
                   {.heading = "Tests",
                    .lines = {{"Unit: 12 passed", Outcome::pass}, {"E2E: not looked at", Outcome::unknown}, {"plain"}},
                    .level = 3}},
      .closing = "Decision: STOP"};
  EXPECT_EQ(to_markdown(report),
            "# Pre-Deployment Checklist: v1.6.0\n"
            "\n## Quality Gates ✅\n"
            "\n### Tests\n- Unit: 12 passed ✅\n- E2E: not looked at ❔\n- plain\n"
            "\n## Decision: STOP\n");
}

TEST(ReportTest, ForeignTextNeitherOpensHtmlNorBreaksTheList) {
  const Report report{.title = "t", .sections = {{.heading = "h", .lines = {{"<script>\n# not a heading `x` < 70"}}}}};
  EXPECT_TRUE(has(to_markdown(report), "\n- &lt;script>\\x0a# not a heading 'x' < 70\n")) << to_markdown(report);
}

TEST(ReportTest, ForeignTextIsNoLinkAndNoPicture) {
  const Report report{
      .title = "t",
      .sections = {{.heading = "h", .lines = {{"![x](http://a/) [y](http://b/) [z][w] a[0] [w]: http://c"}}}}};
  EXPECT_TRUE(has(to_markdown(report), R"(- ![x]\(http://a/) [y]\(http://b/) [z]\[w] a[0] [w]\: http://c)"))
      << to_markdown(report);
}

TEST(ReportTest, ForeignTextHidesNothing) {
  const Report report{.title = "t", .sections = {{.heading = "h", .lines = {{"a\u202Eb\u200Bc"}}}}};
  EXPECT_TRUE(has(to_markdown(report), R"(- a\xe2\x80\xaeb\xe2\x80\x8bc)")) << to_markdown(report);
}

TEST(ReportTest, JunitTellsOutcomesApart) {
  const std::vector findings = {finding("a", Outcome::pass), finding("b", Outcome::warn, "careful"),
                                finding("c", Outcome::fail, "too much"), finding("d", Outcome::unknown, "no answer"),
                                finding("e", Outcome::skipped, "not here")};
  const std::string xml = to_junit("precheck", findings);
  EXPECT_TRUE(has(xml, R"(tests="5" failures="1" errors="1" skipped="1")")) << xml;
  EXPECT_TRUE(has(xml, R"(<testcase classname="precheck" name="a" time="1.234"></testcase>)")) << xml;
  EXPECT_TRUE(has(xml, "<system-out>45 % (expected &lt; 70 %); careful</system-out>"));
  EXPECT_TRUE(has(xml, R"x(<failure message="45 % (expected &lt; 70 %); too much"></failure>)x"));
  EXPECT_TRUE(has(xml, R"x(<error message="45 % (expected &lt; 70 %); no answer">)x"));
  EXPECT_TRUE(has(xml, R"(<skipped message="45 %; not here"/>)"));
}

TEST(ReportTest, AFailureWithoutWordsSaysWhatWasSeen) {
  EXPECT_TRUE(has(to_junit("s", std::vector{finding("c", Outcome::fail)}),
                  R"x(<failure message="45 % (expected &lt; 70 %)">)x"));
}

TEST(ReportTest, JunitEscapesWhatXmlDoesNotTake) {
  const std::string xml =
      to_junit("\"s\"", std::vector{finding("a&b", Outcome::fail, "]]> <x a=\"1\"> \x1b\xff \xEF\xBF\xBF")});
  EXPECT_TRUE(has(xml, R"(name="&quot;s&quot;")"));
  EXPECT_TRUE(has(xml, R"(name="a&amp;b")"));
  EXPECT_TRUE(has(xml, "]]&gt; &lt;x a=&quot;1&quot;&gt; \\x1b\xEF\xBF\xBD \xEF\xBF\xBD")) << xml;
}

TEST(ReportHtmlTest, IsOnePageThatNeedsNothingElse) {
  const Report report{.title = "Checklist",
                      .sections = {{.heading = "Tests", .lines = {{"Unit: 12", Outcome::pass}}, .mark = Outcome::pass}},
                      .closing = "Decision: STOP"};
  const auto html = to_html(report);
  EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n")) << html;
  EXPECT_TRUE(has(html, "<h1>Checklist</h1>\n<p class=\"closing\">Decision: STOP</p>\n")) << html;
  EXPECT_TRUE(has(html, "<h2>Tests ✅</h2>\n<ul>\n<li class=\"pass\">Unit: 12 ✅</li>\n</ul>\n")) << html;
  for (const auto* never : {"<script", "http://", "https://", "src=", "href=", "url("})
    EXPECT_FALSE(has(html, never)) << never;
}

TEST(ReportHtmlTest, ForeignTextIsText) {
  const std::string foreign = "<script>alert('x')</script> & \"y\" \x1b[2J";
  const auto html =
      to_html({.title = foreign, .sections = {{.heading = foreign, .lines = {{foreign}}}}, .closing = foreign});
  EXPECT_FALSE(has(html, "<script")) << html;
  EXPECT_FALSE(has(html, "\x1b"));
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;")) << html;
}

TEST(ReportSarifTest, HasAResultForEachFileOfWhatIsNotInOrder) {
  auto fails = finding("secrets", Outcome::fail, "a key");
  fails.files = {"src/a b.py:12:4", "src/c.py:7", "d.py"};
  auto passes = finding("coverage", Outcome::pass);
  passes.files = {"coverage.xml"};
  const std::vector findings = {fails, passes, finding("nodes-ready", Outcome::unknown, "no answer")};
  const auto sarif = parse_json(to_sarif("baton-precheck", findings), "sarif");
  EXPECT_EQ(sarif["version"].string(), "2.1.0");
  const auto& run = sarif["runs"].items().at(0);
  EXPECT_EQ(run["tool"]["driver"]["name"].string(), "baton-precheck");
  ASSERT_EQ(run["results"].size(), 3U);
  const auto& first = run["results"].items().at(0);
  EXPECT_EQ(first["ruleId"].string(), "secrets");
  EXPECT_EQ(first["level"].string(), "error");
  const auto& place = first["locations"].items().at(0)["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"].string(), "src/a%20b.py");
  EXPECT_EQ(place["region"]["startLine"].integer(), 12);
  EXPECT_EQ(place["region"]["startColumn"].integer(), 4);
  const auto& third = run["results"].items().at(2)["locations"].items().at(0)["physicalLocation"];
  EXPECT_EQ(third.find("region"), nullptr);
  const auto& notes = run["invocations"].items().at(0)["toolExecutionNotifications"];
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes.items().at(0)["descriptor"]["id"].string(), "nodes-ready");
}

TEST(ReportSarifTest, WhereNothingIsWrongThereIsNoResult) {
  const auto sarif = parse_json(to_sarif("baton-precheck", {}), "sarif");
  EXPECT_EQ(sarif["runs"].items().at(0)["results"].size(), 0U);
}

}  // namespace
}  // namespace baton
