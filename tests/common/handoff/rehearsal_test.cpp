// The record of a rehearsal: what is written is read, and nothing less is taken.
#include "common/handoff/rehearsal.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/io/files.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

Rehearsal sample() {
  return {
      .files_sha256 = sha256_hex("files"),
      .database = "postgresql://staging:5432/shop",
      .server = "PostgreSQL 15.4",
      .succeeded = true,
      .took = 4321ms,
      .longest_wait = 120ms,
      .way_down = WayDown::none,
      .migrations = {{.file = "1_users.sql",
                      .sha256 = sha256_hex("one"),
                      .took = 4000ms,
                      .longest_wait = 120ms,
                      .way_down = WayDown::proven},
                     {.file = "2_orders.sql", .sha256 = sha256_hex("two"), .took = 321ms, .way_down = WayDown::none}},
      .tool_version = "1.0.0",
      .started_at = *parse_rfc3339("2026-03-01T11:00:00Z"),
      .finished_at = *parse_rfc3339("2026-03-01T11:00:05Z")};
}

std::string refusal_of_bytes(const std::string& bytes) {
  try {
    parse_rehearsal(bytes, "rehearsal.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

/// Of the sample with one member changed; `path` by dots.
std::string refusal_with(const std::string& pointer, const Json& value) {
  Json json = parse_json(to_bytes(sample()), "sample");
  Json* at = &json;
  std::string_view rest = pointer;
  for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    at = &(*at)[rest.substr(0, dot)];
    rest.remove_prefix(dot + 1);
  }
  (*at)[rest] = value;
  return refusal_of_bytes(to_text(json));
}

TEST(RehearsalTest, WhatIsWrittenIsRead) {
  const auto read = parse_rehearsal(to_bytes(sample()), "rehearsal.json");
  EXPECT_EQ(to_bytes(read), to_bytes(sample()));
  EXPECT_EQ(read.took, 4321ms);
  ASSERT_EQ(read.migrations.size(), 2U);
  EXPECT_EQ(read.migrations[0].way_down, WayDown::proven);
}

TEST(RehearsalTest, ARecordOfNoMigrationsIsOne) {
  auto empty = sample();
  empty.migrations.clear();
  EXPECT_TRUE(parse_rehearsal(to_bytes(empty), "r").migrations.empty());
}

TEST(RehearsalTest, WhatIsNoRecordIsRefused) {
  const auto whole = to_bytes(sample());
  EXPECT_NE(refusal_of_bytes(""), "");
  EXPECT_NE(refusal_of_bytes("[]"), "");
  EXPECT_NE(refusal_of_bytes(whole.substr(0, whole.size() / 2)), "");
  EXPECT_NE(refusal_of_bytes("\xFF\xFE{}"), "");
  EXPECT_EQ(refusal_with("predicateType", "urn:baton:handoff:v1"),
            "rehearsal.json: 'predicateType' is 'urn:baton:handoff:v1', not 'urn:baton:rehearsal:v1'");
  EXPECT_EQ(refusal_with("predicate.schema", "2.0"),
            "rehearsal.json: 'predicate.schema' is '2.0', and this version reads 1.0");
  EXPECT_EQ(refusal_with("predicate.succeeded", "true"),
            "rehearsal.json: 'predicate.succeeded' is neither true nor false");
  for (const auto* duration : {"-1", "", "1.5", "1e3", "99999999999999999999", "9000000000000000000"})
    EXPECT_NE(refusal_with("predicate.duration_ms", duration), "") << duration;
  EXPECT_NE(refusal_with("predicate.duration_ms", 4321), "") << "numbers are decimal strings";
  EXPECT_NE(refusal_with("predicate.way_down", "maybe"), "");
  EXPECT_NE(refusal_with("subject", Json::array()), "");
}

TEST(RehearsalTest, WhatContradictsItselfIsRefused) {
  EXPECT_EQ(refusal_with("predicate.duration_ms", "4320"),
            "rehearsal.json: 'predicate.duration_ms' is less than its migrations took");
  EXPECT_EQ(refusal_with("predicate.longest_wait_ms", "119"),
            "rehearsal.json: 'predicate.longest_wait_ms' is less than what '1_users.sql' says");
  EXPECT_EQ(refusal_with("predicate.way_down", "proven"),
            "rehearsal.json: 'predicate.way_down' is better than what '2_orders.sql' says");
  EXPECT_NE(refusal_with("predicate.finished_at", "2026-03-01T10:00:00Z"), "");
  EXPECT_EQ(refusal_with("predicate.way_down", "failed"), "") << "worse than its parts it may be";
}

/// Takes every member away that the schema requires of `json`, wherever it stands.
void expect_all_required(const Json& schema, const Json& json, const std::function<std::string(const Json&)>& refusal) {
  ASSERT_EQ(schema["required"].size(), schema["properties"].size());
  ASSERT_EQ(json.size(), schema["properties"].size()) << "the schema names other members than the writer";
  for (const auto& [key, value] : json.members()) {
    ASSERT_NE(schema["properties"].find(key), nullptr) << key;
    Json without = json;
    without.erase(key);
    EXPECT_NE(refusal(without), "") << "without " << key;
    const auto put_back = [&, key = key](const Json& inner) {
      Json changed = json;
      changed[key] = inner;
      return refusal(changed);
    };
    const auto& inner = schema["properties"][key];
    if (value.is_object()) expect_all_required(inner, value, put_back);
    if (value.is_array()) {
      expect_all_required(inner["items"], value.items().front(),
                          [&](const Json& item) { return put_back(Json::array({item})); });
    }
  }
}

TEST(RehearsalTest, TheSchemaAsksForWhatTheReaderAsksFor) {
  const auto text = read_file(test::source_folder() / "tests/golden/rehearsal.schema.json");
  auto one = sample();
  one.migrations.pop_back();
  expect_all_required(parse_json(text, "schema"), parse_json(to_bytes(one), "sample"),
                      [](const Json& json) { return refusal_of_bytes(to_text(json)); });
}

}  // namespace
}  // namespace baton
