// JSON: what is taken, what is refused where, and that what is written is always JSON.
#include "common/core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

std::string refusal(std::string_view text, const JsonLimits& limits = {}) {
  return test::refusal(ExitCode::unknown, [&] { return parse_json(text, "file.json", limits); });
}

bool refuses(std::string_view text) { return refusal(text) != "taken"; }

std::string again(std::string_view text) { return to_text(parse_json(text, "file.json")); }

TEST(JsonTest, TakesEveryKindOfValueAtTheTop) {
  EXPECT_TRUE(parse_json("null", "x").is_null());
  EXPECT_TRUE(parse_json(" true ", "x").boolean());
  EXPECT_EQ(parse_json("7", "x").integer(), 7);
  EXPECT_EQ(parse_json("\"a\"", "x").string(), "a");
  EXPECT_EQ(parse_json("[]", "x").size(), 0U);
  EXPECT_EQ(parse_json("{}", "x").size(), 0U);
}

TEST(JsonTest, KeepsTheOrderOfMembers) {
  EXPECT_EQ(again(R"({"z":1,"a":{"y":[1,{"b":null}],"x":false},"m":"t"})"),
            R"({"z":1,"a":{"y":[1,{"b":null}],"x":false},"m":"t"})");
}

TEST(JsonTest, WholeNumbersUpTo64BitsAreExact) {
  for (const char* text : {"9223372036854775807", "-9223372036854775808", "9007199254740993", "0"}) {
    EXPECT_EQ(again(text), text);
    EXPECT_TRUE(parse_json(text, "x").is_integer());
  }
}

TEST(JsonTest, WholeNumbersBeyond64BitsAreRefusedWithTheirPlace) {
  for (const char* text : {"9223372036854775808", "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_EQ(
        refusal("{\n \"n\": " + std::string(text) + "}"),
        "file.json:2:" + std::to_string(7 + std::string(text).size()) + ": not JSON: whole number beyond 64 bits");
  }
}

TEST(JsonTest, FloatingPointNumbersComeBackBitByBit) {
  for (const double value : {0.1, 1e-7, -0.0, 1.0, 1e300, 5e-324, 1.7976931348623157e308, 123456789.123456789}) {
    const Json read = parse_json(to_text(Json(value)), "x");
    ASSERT_FALSE(read.is_integer()) << value;
    EXPECT_EQ(read.number(), value);
    EXPECT_EQ(std::signbit(read.number()), std::signbit(value)) << value;
  }
  EXPECT_EQ(to_text(Json(0.1)), "0.1");
  EXPECT_EQ(to_text(Json(1.0)), "1.0") << "stays a floating point number when read again";
}

TEST(JsonTest, NumbersOutOfRangeAreRefusedAndTinyOnesAreZero) {
  EXPECT_TRUE(refuses("1e400"));
  EXPECT_TRUE(refuses("[-1e400]"));
  EXPECT_EQ(parse_json("1e-400", "x").number(), 0.0);
}

TEST(JsonTest, NothingIsCoerced) {
  EXPECT_THROW(parse_json("\"7\"", "x").integer(), Error);
  EXPECT_THROW(parse_json("1.9", "x").integer(), Error);
  EXPECT_THROW(parse_json("1.0", "x").integer(), Error);
  EXPECT_THROW(parse_json("true", "x").integer(), Error);
  EXPECT_THROW(parse_json("1", "x").boolean(), Error);
  EXPECT_THROW(parse_json("1", "x").string(), Error);
  EXPECT_THROW(parse_json("null", "x").string(), Error);
  EXPECT_THROW(parse_json("{}", "x").items(), Error);
  EXPECT_THROW(parse_json("[]", "x").members(), Error);
  EXPECT_EQ(parse_json("7", "x").number(), 7.0);
  EXPECT_STREQ(test::error_of([] { return Json().string(); }).what(), "expected a string, found null");
}

TEST(JsonTest, AFallbackStandsForNullOnly) {
  const Json json = parse_json(R"({"n": null, "text": "a", "list": [1], "map": {"k": 1}})", "x");
  EXPECT_EQ(json["n"].string_or("b"), "b");
  EXPECT_EQ(json["absent"].integer_or(3), 3);
  EXPECT_TRUE(json["absent"].boolean_or(true));
  EXPECT_EQ(json["text"].string_or("b"), "a");
  EXPECT_EQ(json["list"].items_or_none().size(), 1U);
  EXPECT_EQ(json["absent"].items_or_none().size(), 0U);
  EXPECT_EQ(json["map"].members_or_none().size(), 1U);
  EXPECT_EQ(json["absent"].members_or_none().size(), 0U);
  EXPECT_THROW(json["text"].integer_or(3), Error);
  EXPECT_TRUE(json["text"]["deeper"]["still"].is_null());
}

TEST(JsonTest, DuplicateKeysAreRefused) {
  EXPECT_EQ(refusal("{\"a\":1,\n\"a\":2}"), "file.json:2:4: not JSON: key 'a' stands twice");
  EXPECT_TRUE(refuses(R"({"a":1,"\u0061":2})")) << "spelled with an escape it is the same key";
  EXPECT_TRUE(refuses(R"({"x":{"/":1,"\/":2}})"));
  EXPECT_FALSE(refuses(R"({"a":{"a":1},"b":{"a":1}})"));
  EXPECT_FALSE(refuses(R"({"\\u0061":1,"a":2})"));
}

TEST(JsonTest, DuplicateKeysAreRefusedAmongFewAndMany) {
  for (const int count : {2, 16, 17, 18, 40}) {
    std::string members;
    for (int i = 0; i < count; ++i) members += "\"k" + std::to_string(i) + "\": {\"k0\": [{\"k0\": 1}]}, ";
    EXPECT_FALSE(refuses("{" + members + "\"last\": 1}")) << count;
    for (const int twice : {0, count / 2, count - 1}) {
      const std::string key = "k" + std::to_string(twice);
      const std::string expected = ": not JSON: key '" + key + "' stands twice";
      EXPECT_TRUE(refusal("{" + members + "\"" + key + "\": 1}").ends_with(expected)) << count << " " << twice;
    }
  }
}

TEST(JsonTest, NulIsRefusedInKeysAndKeptInText) {
  EXPECT_TRUE(refuses(R"({"a\u0000b":1})"));
  EXPECT_EQ(parse_json(R"("a\u0000b")", "x").string(), std::string("a\0b", 3));
  EXPECT_EQ(to_text(Json(std::string("a\0b", 3))), R"("a\u0000b")");
  EXPECT_EQ(parse_json(R"({"\\u0000":1})", "x").members().front().first, "\\u0000");
}

TEST(JsonTest, WhatIsNotJsonIsRefused) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "[1",
                                      "[1,]",
                                      "{\"a\":}",
                                      "{\"a\" 1}",
                                      "{a:1}",
                                      "{,}",
                                      "tru",
                                      "nul",
                                      "01",
                                      "-",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e",
                                      "0x1",
                                      "NaN",
                                      "Infinity",
                                      "-Infinity",
                                      "'a'",
                                      "\"a",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\ud800\"",
                                      "\"\\udc00\"",
                                      "\"\\ud800\\u0041\"",
                                      "\"a\nb\"",
                                      "1 2",
                                      "{} []",
                                      "// c\n1",
                                      "[1] // c",
                                      "\xEF\xBB\xBF{}",
                                      "\"\\u-123\"",
                                      "[1}"}) {
    EXPECT_TRUE(refuses(text)) << text;
  }
}

TEST(JsonTest, InvalidUtf8IsRefused) {
  for (const std::string_view text :
       {"\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\""}) {
    EXPECT_EQ(refusal(text), "file.json:1:1: not JSON: not valid UTF-8");
  }
  EXPECT_EQ(parse_json("\"\xF0\x9F\x98\x80\"", "x").string(), parse_json(R"("\ud83d\ude00")", "x").string());
}

TEST(JsonTest, Utf8IsCheckedAtEveryPlaceOfAWord) {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t behind = 0; behind < 20; ++behind) {
      const auto text = [&](std::string_view middle) {
        return "\"" + std::string(before, 'a') + std::string(middle) + std::string(behind, 'z') + "\"";
      };
      for (const std::string_view bad : {"\xff", "\x80", "\xe2\x82", "\xf0\x9f\x98"}) EXPECT_TRUE(refuses(text(bad)));
      for (const std::string_view good : {"é", "€", "😀", "éé€😀"}) EXPECT_FALSE(refuses(text(good)));
    }
  }
}

TEST(JsonTest, TextIsReadTheSameFromAStringAndFromAView) {
  for (const std::string text : {"1", " [1, [2, {}], []] ", "\n{\"a\": \"b\"}", "\"a\"", "null"})
    EXPECT_EQ(parse_json(text, "x"), parse_json(std::string_view(text), "x")) << text;
}

TEST(JsonTest, TruncatedTextNamesItsEnd) {
  EXPECT_EQ(refusal("{\"a\": "), "file.json:1:7: not JSON: it ends too early");
}

TEST(JsonTest, DepthHasALimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_EQ(refusal(nested(100)), "taken");
  EXPECT_EQ(refusal(nested(101)), "file.json:1:101: not JSON: nested deeper than 100");
  EXPECT_NE(refusal(nested(1'000'000)), "taken");
  EXPECT_EQ(refusal(nested(300), {.depth = 300}), "taken") << "beyond Poco's own limit of 128";
}

TEST(JsonTest, LargePartsThatNobodyAsksForAreReadPast) {
  constexpr std::string_view kWithout[] = {"env", "args"};
  const std::string text =
      R"({"a":{"env":[{"name":"x","args":{}},[[]]],"n":1},"env":"text","args":7,"list":["env",{"args":{"b":{}}}],"z":[]})";
  EXPECT_EQ(to_text(parse_json(text, "pod", {.without = kWithout})),
            R"({"a":{"n":1},"env":"text","args":7,"list":["env",{}],"z":[]})");
  EXPECT_EQ(to_text(parse_json(text, "pod")), text);
  EXPECT_THROW(parse_json(R"({"env":[1,]})", "pod", {.without = kWithout}), Error);
}

TEST(JsonTest, SizeHasALimitThatIsNamed) {
  EXPECT_EQ(refusal("[1, 2, 3]", {.bytes = 9}), "taken");
  EXPECT_EQ(refusal("[1, 2, 3 ]", {.bytes = 9}), "file.json:1:1: not JSON: larger than the cap of 9 bytes");
}

TEST(JsonTest, ManyMembersAreReadInTime) {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"\\u006b" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  const Json json = parse_json(text, "x");
  EXPECT_EQ(json.size(), 50'000U);
  EXPECT_EQ(json.members().back().first, "k49999");
}

TEST(JsonTest, WhatIsNotFiniteIsNotWritten) {
  EXPECT_THROW(to_text(Json(std::nan(""))), Error);
  EXPECT_THROW(to_text(Json(std::numeric_limits<double>::infinity())), Error);
}

TEST(JsonTest, InvalidUtf8IsNotWritten) {
  EXPECT_THROW(to_text(Json("\xff")), Error);
  EXPECT_THROW(to_pretty_text(Json::object({{"\xff", 1}})), Error);
}

TEST(JsonTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(to_text(Json("\x01\x1f\n\t\r\"\\/\x7f é")), "\"\\u0001\\u001f\\n\\t\\r\\\"\\\\/\x7f é\"");
}

TEST(JsonTest, PrettyTextIndentsByTwoAndKeepsEmptyContainersTogether) {
  EXPECT_EQ(to_pretty_text(parse_json(R"({"a":[1,{"b":2}],"c":{},"d":[]})", "x")),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}\n");
}

TEST(JsonTest, IsBuiltMemberByMember) {
  Json json;
  json["a"]["b"] = 1;
  json["list"].push_back("x");
  json["gone"] = true;
  json.erase("gone");
  EXPECT_EQ(to_text(json), R"({"a":{"b":1},"list":["x"]})");
  EXPECT_EQ(json.size(), 2U);
  EXPECT_EQ(json.find("gone"), nullptr);
  EXPECT_EQ(Json(1).size(), 0U);
}

TEST(JsonTest, PointersFollowRfc6901) {
  const Json json = parse_json(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"~1":9})", "x");
  EXPECT_EQ(resolve_pointer(json, ""), &json);
  EXPECT_EQ(resolve_pointer(json, "/foo/1")->string(), "baz");
  EXPECT_EQ(resolve_pointer(json, "/")->integer(), 0);
  EXPECT_EQ(resolve_pointer(json, "/a~1b")->integer(), 1);
  EXPECT_EQ(resolve_pointer(json, "/m~0n")->integer(), 8);
  EXPECT_EQ(resolve_pointer(json, "/~01")->integer(), 9);
  for (const char* absent : {"foo", "/foo/2", "/foo/-", "/foo/01", "/foo/x", "/none", "/foo/0/deeper"}) {
    EXPECT_EQ(resolve_pointer(json, absent), nullptr) << absent;
  }
}

}  // namespace
}  // namespace baton
