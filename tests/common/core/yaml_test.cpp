// YAML: positions, types of the core schema, and refusal of what is hostile.
#include "common/core/yaml.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

std::string refusal(std::string_view text) {
  return test::refusal(ExitCode::usage, [&] { return parse_yaml(text, "baton.yaml"); });
}

std::string json_of(std::string_view text) { return to_text(to_json(parse_yaml(text, "x"))); }

TEST(YamlTest, EveryNodeKnowsItsLineAndColumn) {
  const YamlNode root = parse_yaml("a:\n  bc: 1\n  list: [x,\n    y]\n", "x");
  const YamlMember& member = root.find("a")->members.front();
  EXPECT_EQ(member.line, 2);
  EXPECT_EQ(member.column, 3);
  EXPECT_EQ(member.value.line, 2);
  EXPECT_EQ(member.value.column, 7);
  EXPECT_EQ(root.find("a")->find("list")->items[1].line, 4);
  EXPECT_EQ(root.find("none"), nullptr);
}

TEST(YamlTest, UnquotedScalarsHaveTheCoreSchemasTypes) {
  EXPECT_EQ(json_of("[null, ~, , true, False, 1, -2, +3, 1.5, 1e3, text]"),
            R"([null,null,null,true,false,1,-2,3,1.5,1000.0,"text"])");
}

TEST(YamlTest, QuotedScalarsAreStrings) {
  EXPECT_EQ(json_of("['1', \"true\", '', !!str 5]"), R"(["1","true","","5"])");
}

TEST(YamlTest, BinaryIsWhatItsBase64Holds) {
  EXPECT_EQ(json_of("a: !!binary |\n  aGVs\n  bG8=\n"), R"({"a":"hello"})");
  EXPECT_EQ(json_of("a: !!binary MQ==\n"), R"({"a":"1"})") << "text, not a number";
  EXPECT_EQ(refusal("a: !!binary '*'\n"), "baton.yaml:1:4: '!!binary' stands before what is not base64");
}

TEST(YamlTest, WhatOnlyLooksLikeANumberStaysText) {
  EXPECT_EQ(json_of("[1.2.3, 007, 18446744073709551616, 1_000, 0x10, 12:30, yes, no, on, -, 1-2]"),
            R"(["1.2.3","007","18446744073709551616","1_000","0x10","12:30","yes","no","on","-","1-2"])");
}

TEST(YamlTest, JsonIsRead) {
  EXPECT_EQ(json_of("{\"a\": [1, {\"b\": \"c\\n\\/\"}],\n\t\"d\": null}"), R"({"a":[1,{"b":"c\n/"}],"d":null})");
}

TEST(YamlTest, NothingIsANull) {
  EXPECT_EQ(parse_yaml("", "x").kind, YamlNode::Kind::null);
  EXPECT_EQ(parse_yaml("# only a comment\n", "x").kind, YamlNode::Kind::null);
}

TEST(YamlTest, DuplicateKeysAreRefusedWithTheirPlace) {
  EXPECT_EQ(refusal("a: 1\nb:\n  c: 1\n  c: 2\n"), "baton.yaml:4:3: key 'c' stands twice");
  EXPECT_EQ(refusal("{\"a\": 1, 'a': 2}"), "baton.yaml:1:10: key 'a' stands twice");
}

TEST(YamlTest, BrokenTextNamesThePlace) {
  EXPECT_TRUE(refusal("a: [1,\nb: 2").starts_with("baton.yaml:2:")) << refusal("a: [1,\nb: 2");
  EXPECT_TRUE(refusal("a:\n\t- b").starts_with("baton.yaml:2:"));
  EXPECT_NE(refusal("a: *nobody"), "taken");
  EXPECT_NE(refusal("a: \"open"), "taken");
}

TEST(YamlTest, KeysMustBeWords) { EXPECT_EQ(refusal("? [a, b]\n: c\n"), "baton.yaml:1:3: a key must be a plain word"); }

TEST(YamlTest, ASecondDocumentIsRefused) {
  EXPECT_NE(refusal("a: 1\n---\nb: 2\n"), "taken");
  EXPECT_EQ(refusal("---\na: 1\n...\n"), "taken");
}

TEST(YamlTest, AStreamGivesEveryDocumentThatIsNotEmpty) {
  const auto documents = parse_yaml_documents("a: 1\n---\n# nothing\n---\nb: 2\n", "x");
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_NE(documents[1].find("b"), nullptr);
}

TEST(YamlTest, AliasesAreExpandedButNotWithoutEnd) {
  EXPECT_EQ(json_of("a: &x [1]\nb: *x\n"), R"({"a":[1],"b":[1]})");
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) bomb += "," + before;
    bomb += "]\n";
  }
  EXPECT_NE(refusal(bomb).find("more than 100000 values"), std::string::npos);
}

TEST(YamlTest, AnAliasWithinItselfIsRefused) {
  EXPECT_EQ(refusal("a: &a [*a, *a]\n"), "baton.yaml:1:8: an alias stands within what it names");
}

TEST(YamlTest, AnAliasMayStandForAKey) { EXPECT_EQ(json_of("a: &x k\n*x : 1\n"), R"({"a":"k","k":1})"); }

TEST(YamlTest, AliasesDoNotLeadAroundTheLimitOfDepth) {
  const std::string fifty(50, '['), closed(50, ']');
  EXPECT_EQ(refusal("[&a " + fifty + "1" + closed + ", " + std::string(49, '[') + "*a" + std::string(49, ']') + "]"),
            "taken");
  EXPECT_NE(refusal("[&a " + fifty + "1" + closed + ", " + fifty + "*a" + closed + "]"), "taken");
}

TEST(YamlTest, CopiesForAnchorsCountAsWell) {
  std::string nested;
  for (int i = 0; i < 99; ++i) nested += "&a" + std::to_string(i) + " [";
  std::string items = "1";
  for (int i = 0; i < 2000; ++i) items += ",1";
  EXPECT_NE(refusal(nested + items + std::string(99, ']')).find("100000 values"), std::string::npos);
}

TEST(YamlTest, TextThatFitsNowhereDoesNotHoldUpTheReader) {
  for (const char* text : {",", "]", "}", "{a: 1} ,", "switch\x98=, x: [{path:  1}a:}", "[1] ]", ", ,"}) {
    EXPECT_NE(refusal(text), "taken") << text;
    EXPECT_THROW(parse_yaml_documents(text, "x"), Error) << text;
  }
}

TEST(YamlTest, DepthHasALimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_EQ(refusal(nested(100)), "taken");
  EXPECT_EQ(refusal(nested(101)), "baton.yaml:1:101: nested deeper than 100");
  EXPECT_NE(refusal(nested(100'000)), "taken");
}

TEST(YamlTest, SizeAndEncodingAreChecked) {
  EXPECT_EQ(refusal(std::string((16U << 20U) + 1, ' ')), "baton.yaml: larger than the cap of 16 MiB");
  EXPECT_EQ(refusal("a: \xff"), "baton.yaml: not a UTF-8 text");
  EXPECT_EQ(refusal(std::string_view("a: \0", 4)), "baton.yaml: not a UTF-8 text");
  EXPECT_EQ(refusal(std::string_view("\xff\xfe"
                                     "a\0:\0",
                                     6)),
            "baton.yaml: not a UTF-8 text");
}

TEST(YamlTest, MergeKeysAreOrdinaryKeys) {
  EXPECT_EQ(json_of("base: &b {a: 1}\nx:\n  <<: *b\n"), R"({"base":{"a":1},"x":{"<<":{"a":1}}})");
}

}  // namespace
}  // namespace baton
