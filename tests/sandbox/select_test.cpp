// Label and field selectors.
#include "tests/sandbox/select.h"

#include <gtest/gtest.h>

#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

const Json& pod() {
  static const auto json = parse_json(
      R"({"metadata":{"name":"web-1","labels":{"app":"web","version":"blue"}},"status":{"phase":"Running"}})", "pod");
  return json;
}

bool by_labels(std::string_view labels) { return is_selected(pod(), {.labels = labels, .fields = ""}); }
bool by_fields(std::string_view fields) { return is_selected(pod(), {.labels = "", .fields = fields}); }

TEST(SelectTest, EveryRequirementMustHold) {
  EXPECT_TRUE(by_labels("app=web,version=blue"));
  EXPECT_FALSE(by_labels("app=web,version=green"));
  EXPECT_TRUE(by_labels(""));
}

TEST(SelectTest, OperatorsReadAsKubernetesReadsThem) {
  EXPECT_TRUE(by_labels("app==web"));
  EXPECT_TRUE(by_labels("version in (blue, green),app"));
  EXPECT_FALSE(by_labels("version notin (blue,green)"));
  EXPECT_TRUE(by_labels("version!=green"));
  EXPECT_TRUE(by_labels("!canary"));
  EXPECT_FALSE(by_labels("!app"));
}

TEST(SelectTest, AnAbsentLabelIsUnequalToAnything) {
  EXPECT_TRUE(by_labels("canary!=yes"));
  EXPECT_TRUE(by_labels("canary notin (yes)"));
  EXPECT_FALSE(by_labels("canary in (yes)"));
}

TEST(SelectTest, FieldsAreFoundByTheirPath) {
  EXPECT_TRUE(by_fields("metadata.name=web-1,status.phase!=Pending"));
  EXPECT_FALSE(by_fields("metadata.name=web-2"));
  EXPECT_TRUE(by_fields("spec.nodeName="));
}

TEST(SelectTest, WhatCannotBeReadIsRefused) {
  EXPECT_THROW(by_labels("version in blue"), Refusal);
  EXPECT_THROW(by_fields("metadata.name"), Refusal);
}

TEST(SelectTest, AnEmptySelectorOfAServiceSelectsNothingOfAWorkloadEverything) {
  EXPECT_FALSE(matches_map(Json::object(), pod()["metadata"]["labels"]));
  EXPECT_TRUE(matches(Json::object(), pod()["metadata"]["labels"]));
}

}  // namespace
}  // namespace baton::sandbox
