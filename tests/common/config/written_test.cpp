// The configuration as another machine reads it.
#include "common/config/written.h"

#include <gtest/gtest.h>

#include "common/config/loader.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

constexpr std::string_view kWatch[] = {"watch"};

std::string written(const std::string& yaml, const std::vector<ConfigOverride>& overrides = {},
                    std::span<const std::string_view> without = {}, std::span<const std::string_view> also = {}) {
  const auto loaded =
      load_config({.text = yaml, .overrides = overrides}, Environment({{"PASSWORD", std::string("x")}}));
  return written_text(loaded, {.steps = kWatch, .without = without, .also = also});
}

TEST(WrittenTest, StandsAsItStoodAndLoadsAgain) {
  const std::string text =
      "app: shop\n"
      "switch:\n"
      "  public:\n"
      "    - \"https://a.example.com/x?a=b, c\"\n"
      "    - https://b.example.com\n"
      "  smoke:\n"
      "    - path: /health\n"
      "      status: 200\n"
      "notify:\n"
      "  to:\n"
      "    - slack: \"${SLACK}\"\n"
      "  incident: []\n";
  EXPECT_EQ(written(text), text);
  EXPECT_EQ(written("{app: shop, switch: {public: ['https://a.example.com/x?a=b, c', https://b.example.com], "
                    "smoke: [{path: /health, status: 200}]}, notify: {to: [{slack: \"${SLACK}\"}], incident: []}}"),
            text);
}

TEST(WrittenTest, TakesWhatWasSetOutsideTheFileToo) {
  EXPECT_EQ(written("app: shop\n", {{"watch.step", "5s", "--set"}, {"kubernetes.namespace", "\"7\"", "--namespace"}}),
            "app: shop\nkubernetes:\n  namespace: \"7\"\nwatch:\n  step: 5s\n");
}

TEST(WrittenTest, LeavesOutWhatNobodyThereReads) {
  const std::string text =
      "app: shop\nmigrate: {budget: 1m}\nkubernetes: {context: c, service: s}\ndatabase: {url: \"${URL}\"}\n";
  constexpr std::string_view kContext[] = {"kubernetes.context"};
  constexpr std::string_view kDatabase[] = {"database.url"};
  EXPECT_EQ(written(text, {}, kContext), "app: shop\nkubernetes:\n  service: s\n");
  EXPECT_EQ(written(text, {}, kContext, kDatabase),
            "app: shop\nkubernetes:\n  service: s\ndatabase:\n  url: \"${URL}\"\n");
}

TEST(WrittenTest, SaysNoSecret) {
  const std::string head = "app: shop\nmetrics: {prometheus: {url: http://p, token: ";
  EXPECT_EQ(written(head + "\"${PASSWORD}\"}}\n"),
            "app: shop\nmetrics:\n  prometheus:\n    url: http://p\n    token: \"${PASSWORD}\"\n");
  EXPECT_EQ(test::refusal(ExitCode::usage, [&] { return written(head + "hush}}\n"); }),
            "baton.yaml:2:23: metrics.prometheus holds a secret in the clear");
}

TEST(WrittenTest, KnowsTheVariablesThatItNeeds) {
  EXPECT_EQ(needed_variables("a: ${A}\nb: ${B:-b} $${C} ${A}${D}\nf: ${file:x}\n"),
            (std::vector<std::string>{"A", "D"}));
  EXPECT_TRUE(needed_variables("a: b").empty());
}

}  // namespace
}  // namespace baton
