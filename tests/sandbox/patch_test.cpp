// Patches.
#include "tests/sandbox/patch.h"

#include <gtest/gtest.h>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"
#include "tests/support/refusal.h"

namespace baton::sandbox {
namespace {

Json json(std::string_view text) { return parse_json(text, "test"); }

std::string patched(std::string_view object, std::string_view operations) {
  return to_text(json_patched(json(object), json(operations)));
}

TEST(JsonPatchTest, OperationsFollowEachOther) {
  EXPECT_EQ(patched(R"({"a":[1,2]})", R"([{"op":"add","path":"/a/1","value":9},{"op":"remove","path":"/a/0"}])"),
            R"({"a":[9,2]})");
  EXPECT_EQ(patched(R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/c"}])"), R"({"a":{},"c":1})");
  EXPECT_EQ(patched(R"({"a":[1]})", R"([{"op":"copy","from":"/a/0","path":"/a/-"}])"), R"({"a":[1,1]})");
}

TEST(JsonPatchTest, PointersAreUnescaped) {
  EXPECT_EQ(
      patched(R"({"x/y":1,"m~n":2})", R"([{"op":"replace","path":"/x~1y","value":3},{"op":"remove","path":"/m~0n"}])"),
      R"({"x/y":3})");
}

TEST(JsonPatchTest, ATestDoesNotCareForTheOrderOfMembers) {
  EXPECT_NO_THROW(patched(R"({"s":{"a":1,"b":2}})", R"([{"op":"test","path":"/s","value":{"b":2,"a":1}}])"));
}

TEST(JsonPatchTest, WhatCannotBeDoneIsRefusedWith422) {
  for (const auto* operations :
       {R"([{"op":"test","path":"/a","value":2}])", R"([{"op":"replace","path":"/b","value":1}])",
        R"([{"op":"remove","path":"/b"}])", R"([{"op":"add","path":"/x/y","value":1}])",
        R"([{"op":"test","path":"/b","value":null}])", R"([{"op":"swap","path":"/a"}])"}) {
    const auto refusal = test::refused<Refusal>([&] { return patched(R"({"a":1})", operations); });
    ASSERT_TRUE(refusal) << operations;
    EXPECT_EQ(refusal->code(), 422);
  }
}

TEST(MergePatchTest, NullRemovesAndListsAreReplaced) {
  EXPECT_EQ(to_text(merge_patched(json(R"({"a":1,"b":{"c":2},"d":[1,2]})"), json(R"({"a":null,"b":{"e":3},"d":[4]})"))),
            R"({"b":{"c":2,"e":3},"d":[4]})");
}

TEST(StrategicPatchTest, ContainersAndVariablesAreMergedByName) {
  const auto after = strategic_patched(
      json(R"({"containers":[{"name":"a","image":"x:1","env":[{"name":"V","value":"1"}]},{"name":"b"}]})"),
      json(
          R"({"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"a","image":"x:2","env":[{"name":"W"}]}]})"));
  EXPECT_EQ(
      to_text(after),
      R"({"containers":[{"name":"a","image":"x:2","env":[{"name":"V","value":"1"},{"name":"W"}]},{"name":"b"}]})");
}

TEST(StrategicPatchTest, ADirectiveRemovesAnItem) {
  const auto after = strategic_patched(json(R"({"env":[{"name":"A"},{"name":"B"}]})"),
                                       json(R"({"env":[{"name":"A","$patch":"delete"}]})"));
  EXPECT_EQ(to_text(after), R"({"env":[{"name":"B"}]})");
}

}  // namespace
}  // namespace baton::sandbox
