// What the XML reader takes in before it has had enough.
#include "tools/precheck/reports/xml.h"

#include <gtest/gtest.h>

#include <sstream>

#include "common/core/error.h"

namespace baton::precheck {
namespace {

/// What reading a text comes to.
struct Told {
  std::string refusal = {};
  std::size_t pulled = 0;  ///< bytes of the text
  int elements = 0;
  std::string text = {};
};

Told tell(const std::string& document) {
  Told told;
  std::istringstream bytes(document);
  try {
    parse_xml(bytes, "x",
              {.start = [&](const std::string&, const XmlAttributes&, int) { ++told.elements; },
               .text = [&](std::string_view text) { told.text += text; }});
  } catch (const Error& error) {
    told.refusal = error.what();
  }
  bytes.clear();
  told.pulled = static_cast<std::size_t>(bytes.tellg());
  return told;
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

/// Count distinct words with `before` and `after` around each.
std::string numbered(int count, const std::string& before, const std::string& after) {
  std::string all;
  for (int i = 0; i < count; ++i) all += before + std::to_string(i) + after;
  return all;
}

constexpr std::size_t kPieces = 32U << 10U;

void expect_refused(const std::string& document, std::string_view why, std::size_t most_pulled = kPieces) {
  const auto told = tell(document);
  EXPECT_NE(told.refusal.find(why), std::string::npos) << told.refusal;
  EXPECT_LE(told.pulled, most_pulled);
}

TEST(XmlTest, TellsTagsAndText) {
  const auto told = tell("<a>one<b>two &amp; three</b></a>");
  EXPECT_EQ(told.refusal, "");
  EXPECT_EQ(told.elements, 2);
  EXPECT_EQ(told.text, "onetwo & three");
}

TEST(XmlTest, PullsNothingMoreOnceItIsTooDeep) {
  EXPECT_EQ(tell(times(200, "<a>") + times(200, "</a>")).elements, 200);
  expect_refused(times(201, "<a>") + times(201, "</a>"), "nested deeper than 200");
  expect_refused(times(7'000'000, "<a>"), "nested deeper than 200");
}

TEST(XmlTest, ATagWithoutEndIsRefusedAndALongTextIsNot) {
  const auto with = [](std::size_t value, std::size_t text) {
    return "<a v='" + std::string(value, 'a') + "'>" + std::string(text, 'b') + "</a>";
  };
  EXPECT_EQ(tell(with(1'000'000, 5'000'000)).refusal, "");
  expect_refused(with(8U << 20U, 0), "is longer than 1 MiB", (1U << 20U) + kPieces);
  expect_refused("<a><!--" + std::string(8U << 20U, ' ') + "--></a>", "is longer than 1 MiB", (1U << 20U) + kPieces);
}

TEST(XmlTest, ATagMayHaveTwoHundredAttributes) {
  EXPECT_EQ(tell("<a" + numbered(200, " v", "=''") + "/>").refusal, "");
  expect_refused("<a" + numbered(201, " v", "=''") + "/>" + times(1'000'000, " "), "more than 200 attributes");
}

TEST(XmlTest, AThousandNamesAreKnownAtMost) {
  EXPECT_EQ(tell("<a>" + numbered(999, "<b", "/>") + "</a>").refusal, "");
  expect_refused("<a>" + numbered(1000, "<b", "/>") + "</a>", "more than 1000 different names");
  expect_refused("<a>" + numbered(1'000'000, "<a b", "=''/>") + "</a>", "more than 1000 different names");
}

TEST(XmlTest, ANameHasAThousandBytesAtMost) {
  EXPECT_EQ(tell("<" + std::string(1000, 'a') + "/>").refusal, "");
  expect_refused("<" + std::string(1001, 'a') + "/>", "longer than 1000 bytes");
  expect_refused("<a " + std::string(1001, 'b') + "=''/>", "longer than 1000 bytes");
}

TEST(XmlTest, DeclaredEntitiesAreRefusedAndTheFiveOfXmlAreNot) {
  expect_refused("<!DOCTYPE a [<!ENTITY b '" + std::string(1000, 'b') + "'>]><a v='" + times(1'000'000, "&b;") + "'/>",
                 "declares an entity");
  expect_refused("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "declares an entity");
  expect_refused("<!DOCTYPE a [<!ENTITY % b 'c'>]><a/>", "declares an entity");
  EXPECT_EQ(tell("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><a>&lt;&#65;</a>").text, "<A");
}

TEST(XmlTest, WhatAHandlerThrowsEndsTheReading) {
  std::istringstream bytes("<a>" + times(1'000'000, "<b/>") + "</a>");
  int elements = 0;
  EXPECT_THROW(parse_xml(bytes, "x",
                         {.start =
                              [&](const std::string&, const XmlAttributes&, int) {
                                ++elements;
                                throw Error(ExitCode::unknown, "enough");
                              }}),
               Error);
  EXPECT_EQ(elements, 1);
  bytes.clear();
  EXPECT_LE(static_cast<std::size_t>(bytes.tellg()), kPieces);
}

}  // namespace
}  // namespace baton::precheck
