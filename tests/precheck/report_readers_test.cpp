// Lines, tables, JSON and latencies: what the readers of formats stand on.
#include <gtest/gtest.h>

#include <sstream>

#include "common/core/error.h"
#include "tests/support/refusal.h"
#include "tools/precheck/reports/csv.h"
#include "tools/precheck/reports/json.h"
#include "tools/precheck/reports/latencies.h"
#include "tools/precheck/reports/lines.h"

namespace baton::precheck {
namespace {

using Texts = std::vector<std::string>;

Texts lines_of(const std::string& text) {
  std::istringstream bytes(text);
  Texts lines;
  for_each_line(bytes, "x", [&](std::string_view line, std::size_t) { lines.emplace_back(line); });
  return lines;
}

void expect_refused(const std::function<void()>& act, std::string_view why) {
  const auto error = test::error_of(act);
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_TRUE(std::string(error.what()).starts_with("x: ")) << error.what();
  EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
}

TEST(LinesTest, EndsAndAByteOrderMarkAreNoPartOfThem) {
  EXPECT_EQ(lines_of("\xEF\xBB\xBF"
                     "a\r\n\nb\tc\n"),
            (Texts{"a", "", "b\tc"}));
  const std::string many(200'000, 'a');  // several pieces
  EXPECT_EQ(lines_of(many + "\nb\n"), (Texts{many, "b"}));
}

TEST(LinesTest, WhatCannotBeTrustedIsRefused) {
  expect_refused([] { lines_of(""); }, "it is empty");
  expect_refused([] { lines_of("a\nb"); }, "it ends within line 2");
  expect_refused([] { lines_of("a\nb\x01\n"); }, "line 2 holds a control character");
  expect_refused([] { lines_of(std::string("a\0\n", 3)); }, "line 1 holds a control character");
  expect_refused([] { lines_of("\xFF\xFE\n"); }, "line 1 is not UTF-8");
  EXPECT_NO_THROW(lines_of(std::string(1U << 20U, 'a') + "\n"));
  expect_refused([] { lines_of(std::string((1U << 20U) + 1, 'a') + "\n"); }, "longer than 1 MiB");
}

TEST(LinesTest, TheFirstIsTheOneThatSaysSomething) {
  EXPECT_EQ(first_line("\n  \n# made by hand\nTN:\n", "#"), "TN:");
  EXPECT_EQ(first_line("no end"), "");
  EXPECT_EQ(first_line(""), "");
}

std::vector<Texts> rows_of(const std::string& text, char separator = ',') {
  std::istringstream bytes(text);
  std::vector<Texts> rows;
  parse_csv(
      bytes, "x", [&](std::string_view) { return separator; },
      [&](std::span<const std::string> fields, std::size_t) { rows.emplace_back(fields.begin(), fields.end()); });
  return rows;
}

TEST(CsvTest, QuotesHoldSeparatorsEndsOfLinesAndQuotes) {
  EXPECT_EQ(rows_of("a,\"b,\"\"c\"\"\nd\",e\n\n,\n"), (std::vector<Texts>{{"a", "b,\"c\"\nd", "e"}, {"", ""}}));
  EXPECT_EQ(rows_of("a;b,c\n", ';'), (std::vector<Texts>{{"a", "b,c"}}));
  EXPECT_EQ(csv_fields("a,\"b\"", ','), (Texts{"a", "b"}));
}

TEST(CsvTest, AnOpenQuoteAndTooMuchAreRefused) {
  expect_refused([] { rows_of("a,\"b\n"); }, "ends within a quoted field");
  expect_refused([] { rows_of(std::string(1000, ',') + "\n"); }, "more than 1000 fields");
  EXPECT_NO_THROW(rows_of(std::string(999, ',') + "\n"));
  std::string endless = "\"";
  for (int i = 0; i < 20; ++i) endless += std::string(100'000, 'a') + "\n";
  expect_refused([&] { rows_of(endless); }, "a field of more than 1 MiB");
}

Texts told_of(const std::string& text, JsonDocuments documents = JsonDocuments::one) {
  std::istringstream bytes(text);
  Texts told;
  const auto spelled = [](const JsonPath& at) {
    std::string path;
    for (std::size_t level = 0; level < at.depth(); ++level) path += "/" + at.at(level);
    return path;
  };
  parse_json_events(
      bytes, "x", documents,
      {.value = [&](const JsonPath& at,
                    const JsonScalar& value) { told.push_back(spelled(at) + "=" + std::string(value.text)); },
       .end = [&](const JsonPath& at) { told.push_back("end " + spelled(at)); }});
  return told;
}

TEST(JsonEventsTest, TellsScalarsByTheirPathsAndWhatEnds) {
  EXPECT_EQ(told_of("\xEF\xBB\xBF{\"a\": [1.5, {\"b\": true}], \"c\": null}\n"),
            (Texts{"/a/0=1.5", "/a/1/b=true", "end /a/1", "end /a", "/c=null", "end "}));
  EXPECT_EQ(told_of("{\"a\":1}\n{\"a\":2}", JsonDocuments::many), (Texts{"/a=1", "end ", "/a=2", "end "}));
}

TEST(JsonEventsTest, WhatIsNoneIsRefused) {
  for (const std::string text :
       {"", "{", "{\"a\":1}{}", "{\"a\":01}", "{\"a\":\"\xFF\"}", "{\"a\":\"\x01\"}", "{'a':1}", "NaN"})
    expect_refused([&] { told_of(text); }, "not JSON");
  expect_refused([] { told_of(std::string("{}\0", 3)); }, "not JSON");
  expect_refused([] { told_of("{}\n[", JsonDocuments::many); }, "not JSON");
}

TEST(JsonEventsTest, DepthAndTextsAreBounded) {
  EXPECT_NO_THROW(told_of(std::string(100, '[') + std::string(100, ']')));
  expect_refused([] { told_of(std::string(101, '[')); }, "nested deeper than 100");
  EXPECT_NO_THROW(told_of("[\"" + std::string(1'000'000, 'a') + "\"]"));
  expect_refused([] { told_of("[\"" + std::string(4'000'000, 'a') + "\"]"); }, "longer than 1 MiB");
}

TEST(JsonEventsTest, ABeginningShowsItsKeys) {
  EXPECT_EQ(json_keys(R"({"a": {"b": {"c": 1}}, "d": [1], "e": "cut he)"),
            (std::set<std::string>{"a", "a/b", "d", "d/0"}));
  EXPECT_TRUE(json_keys("[1]").empty());
  EXPECT_TRUE(json_keys("hello").empty());
}

TEST(LatenciesTest, ThePercentileIsThatOfTheNearestRank) {
  Latencies latencies;
  EXPECT_EQ(latencies.percentile(95), std::nullopt);
  for (std::uint64_t ms = 20; ms > 0; --ms) latencies.add(ms);
  EXPECT_EQ(latencies.percentile(95), 19);
  latencies.add(21);
  EXPECT_EQ(latencies.percentile(95), 20);
  EXPECT_EQ(latencies.percentile(100), 21);
  EXPECT_EQ(latencies.percentile(1), 1);
}

TEST(LatenciesTest, WhatTookOverAnHourIsCountedAndNotToldApart) {
  Latencies latencies;
  for (int i = 0; i < 19; ++i) latencies.add(5);
  latencies.add(Latencies::kMost + 1);
  EXPECT_EQ(latencies.count(), 20U);
  EXPECT_EQ(latencies.percentile(95), 5);
  latencies.add(UINT64_MAX);
  EXPECT_EQ(latencies.percentile(95), std::nullopt);
}

}  // namespace
}  // namespace baton::precheck
