// Parts of JSON documents, told as they are read.
#include "tools/precheck/reports/json_parts.h"

#include <gtest/gtest.h>

#include <sstream>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

/// "PLACE=VALUE" of every part that is told.
std::vector<std::string> told(const std::string& text, const std::vector<std::string_view>& paths) {
  std::vector<std::string> all;
  std::vector<JsonPart> parts;
  for (const auto path : paths) {
    parts.push_back(
        {path, [&](const Json& value, const JsonPlace& at) { all.push_back(join(at, "/") + "=" + to_text(value)); }});
  }
  std::istringstream bytes(text);
  parse_json_parts(bytes, "x", parts);
  return all;
}

std::string refusal_of(const std::string& text, const std::vector<std::string_view>& paths = {"a/*"}) {
  const auto error = test::error_of([&] { told(text, paths); });
  EXPECT_EQ(error.code(), ExitCode::unknown) << text.substr(0, 60);
  EXPECT_TRUE(std::string(error.what()).starts_with("x: ")) << error.what();
  return error.what();
}

using Told = std::vector<std::string>;

TEST(JsonParts, AreToldInTheirOrderWithTheirPlaces) {
  const std::string text = R"({"b": [1, {"c": 2.5}], "a": {"x": {"y": [true, null]}, "z": "s"}})";
  EXPECT_EQ(told(text, {"b/*/c", "a/*"}), (Told{"b/1/c=2.5", R"(a/x={"y":[true,null]})", R"(a/z="s")"}));
  EXPECT_EQ(told(text, {""}).size(), 1U);
  EXPECT_EQ(told("[1, 2]", {"*"}), (Told{"0=1", "1=2"}));
  EXPECT_EQ(told("null", {""}), (Told{"=null"}));
}

TEST(JsonParts, AnOpeningTellsWhatStandsThereAndWhatItHolds) {
  EXPECT_EQ(told(R"({"a": []})", {"a/", "a/*"}), (Told{"a=[]"}));
  EXPECT_EQ(told(R"({"a": [7]})", {"a/", "a/*"}), (Told{"a=[]", "a/0=7"}));
  EXPECT_EQ(told(R"({"a": null})", {"a/", "a/*"}), (Told{"a=null"}));
}

TEST(JsonParts, AByteOrderMarkIsPassedOver) { EXPECT_EQ(told("\xEF\xBB\xBF[1]", {"*"}), (Told{"0=1"})); }

TEST(JsonParts, WhateverIsNoJsonIsRefused) {
  for (const std::string text : {"", " ", "{", "[1,]", "{\"a\":1,}", "[1] 2", "[01]", "{'a': 1}", "[1", "nul",
                                 "[\"\x01\"]", "[\"\xff\"]", "[\"\\ud800\"]"})
    refusal_of(text);
  refusal_of(std::string("[1]\0[2]", 7));
  refusal_of(std::string("\0", 1));
}

TEST(JsonParts, AMemberThatIsThereTwiceIsRefusedWhereItMatters) {
  EXPECT_NE(refusal_of(R"({"a": {}, "a": {"b": 1}})").find("twice"), std::string::npos);
  EXPECT_NE(refusal_of(R"({"a": {"b": {"c": 1, "c": 2}}})").find("twice"), std::string::npos);
  EXPECT_EQ(told(R"({"z": {"b": 1, "b": 2}})", {"a"}), Told{});
}

TEST(JsonParts, DepthAndSizesAreBounded) {
  EXPECT_NO_THROW(told(std::string(100, '[') + std::string(100, ']'), {"a"}));
  EXPECT_NE(refusal_of(std::string(101, '[') + std::string(101, ']')).find("100 levels"), std::string::npos);
  const auto text_of = [](std::size_t size) { return "[\"" + std::string(size, 'x') + "\"]"; };
  EXPECT_NO_THROW(told(text_of((4U << 20U) - 10), {"a"}));
  EXPECT_NE(refusal_of(text_of(4U << 20U)).find("over 4 MiB"), std::string::npos);
  std::string part = "{\"a\": [[";
  for (int i = 0; i < 300'000; ++i) part += "1,";
  part += "1]]}";
  EXPECT_NE(refusal_of(part).find("over 8 MiB"), std::string::npos);
  EXPECT_EQ(told(part, {"b"}), Told{});
}

TEST(JsonParts, AWrongTypeIsToldWithTheFilesName) {
  std::istringstream bytes(R"({"a": 1})");
  const std::vector<JsonPart> parts = {{"a", [](const Json& value, const JsonPlace&) { (void)value.items(); }}};
  const auto error = test::error_of([&] { parse_json_parts(bytes, "x", parts); });
  EXPECT_TRUE(std::string(error.what()).starts_with("x: expected an array")) << error.what();
}

TEST(JsonHeadTest, ShowsWhatStandsBeforeTheCut) {
  const JsonHead head(R"({"a": "t", "b": [{"c": {"d": 1}}, 2], "e": "cut off he)");
  EXPECT_TRUE(head.is_object());
  EXPECT_EQ(head.text("a"), "t");
  EXPECT_TRUE(head.has("b/*/c/d"));
  EXPECT_TRUE(head.has("b/*/c"));
  EXPECT_FALSE(head.has("e"));
  EXPECT_TRUE(JsonHead("null").is_null());
  EXPECT_TRUE(JsonHead("[{\"Target\": 1").has("*/Target"));
  EXPECT_FALSE(JsonHead("<xml/>").is_object());
  EXPECT_FALSE(JsonHead("").is_object());
}

}  // namespace
}  // namespace baton::precheck
