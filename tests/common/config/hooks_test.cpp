// hooks: commands and URLs, in each form.
#include "common/config/sections/hooks.h"

#include <gtest/gtest.h>

#include "tests/common/config/loading.h"

namespace baton {
namespace {

using test::load;
using test::refusal;

std::vector<Hook> before_stage(const std::string& list, const test::Variables& variables = {}) {
  return load("hooks: {before_stage: " + list + "}", variables).values.hooks().before_stage;
}

TEST(HooksTest, ATextIsACommandUnlessItIsAUrl) {
  const auto hooks = before_stage("[./ask.sh --now, https://h.example/x, HTTP://h.example/y]");
  ASSERT_EQ(hooks.size(), 3U);
  EXPECT_EQ(hooks[0].command, "./ask.sh --now");
  EXPECT_EQ(hooks[1].to.url, "https://h.example/x");
  EXPECT_TRUE(hooks[1].command.empty());
  EXPECT_EQ(hooks[2].to.url, "HTTP://h.example/y");
  EXPECT_FALSE(hooks[0].deadline);
}

TEST(HooksTest, AMappingHasTheRest) {
  const auto hooks = before_stage(
      "[{run: ./ask.sh, deadline: 2m}, {url: https://h.example/x, token: t, ca: ca.pem, headers: {A: b}, deadline: "
      "5s}]");
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0].command, "./ask.sh");
  EXPECT_EQ(hooks[0].deadline, 2min);
  EXPECT_EQ(hooks[1].to.token, "t");
  EXPECT_EQ(hooks[1].to.ca, "ca.pem");
  EXPECT_EQ(hooks[1].to.headers, (std::vector<std::pair<std::string, std::string>>{{"A", "b"}}));
}

TEST(HooksTest, MistakesAreNamed) {
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: ./x}"), "expected a list of commands and URLs"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: [{deadline: 1s}]}"),
                         "expected a command, a URL, {run: …} or {url: …}"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: [{run: x, url: https://h}]}"), "expected a command, a URL"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: [{url: ftp://h}]}"), "no http or https URL"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: [{run: x, deadline: 0s}]}"), "is over 0s"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_stage: [{run: x, until: 1s}]}"), "unknown key 'until'"));
  EXPECT_TRUE(test::says(refusal("hooks: {before_deploy: []}"), "unknown key 'hooks.before_deploy'"));
}

// Users wait.
TEST(HooksTest, BeforeARollbackDeadlinesAreShort) {
  EXPECT_EQ(refusal("hooks: {before_rollback: [{run: x, deadline: 15s}]}"), "taken");
  EXPECT_TRUE(test::says(refusal("hooks: {before_rollback: [{run: x, deadline: 16s}]}"), "deadlines of at most 15s"));
}

TEST(HooksTest, NoVariableOfAJobSetsThem) {
  EXPECT_TRUE(
      test::says(refusal("", {}, {{"hooks.before_stage", "[./x]", "BATON_SET"}}), "is not taken from a variable"));
}

TEST(HooksTest, WhatCameFromAVariableIsNotShown) {
  const auto shown = [](const std::string& list) {
    return load("hooks: {before_stage: " + list + "}", {{"X", "geheim"}}).entries.at("hooks.before_stage").text;
  };
  EXPECT_EQ(shown("[./ask.sh, {url: 'https://u:p@h/x', token: t, deadline: 5s}]"),
            R"([{"run":"./ask.sh"},{"url":"https://u:***@h/x","token":"***","deadline":"5s"}])");
  EXPECT_EQ(shown("['./ask.sh ${X}', 'https://h/${X}']"), R"([{"run":"***"},{"run":"***"}])");
}

}  // namespace
}  // namespace baton
