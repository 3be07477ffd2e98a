// A handoff survives writing and reading, and nothing else than a handoff is taken.
#include "common/handoff/handoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/handoff/schema.h"
#include "tests/common/handoff/sample.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

std::vector<fs::path> files_in(const std::string& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::source_folder() / "tests/handoff" / folder)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string refusal(const std::string& bytes) {
  return test::refusal(ExitCode::handoff, [&] { return parse_handoff(bytes, "x.json"); });
}

TEST(StatementTest, ReadsBackWhatItWrote) {
  Handoff handoff = sample::after("migrate", "precheck", std::string(sample::kImage));
  handoff.observed = "stop";
  handoff.not_compared = {"commit"};
  handoff.standalone = true;
  const std::string bytes = to_bytes(handoff);
  const Handoff again = parse_handoff(bytes, "migrate.json");
  EXPECT_EQ(to_bytes(again), bytes);
  EXPECT_EQ(again.targets.at(0).database, "postgresql://db:5432/shop");
  EXPECT_EQ(again.finished_at, sample::at("2025-11-04T14:05:00.250Z"));
  EXPECT_EQ(again.findings.front().duration_ms, 12);
  EXPECT_EQ(again.previous_step, "precheck");
}

TEST(StatementTest, ReadsTheOneTargetOfSchema10) {
  Json json = parse_json(to_bytes(sample::handoff("precheck")), "x");
  Json& predicate = json["predicate"];
  predicate["schema"] = "1.0";
  predicate["target"] = predicate["targets"].items().front();
  predicate.erase("targets");
  const Handoff old = parse_handoff(to_text(json), "precheck.json");
  ASSERT_EQ(old.targets.size(), 1U);
  EXPECT_EQ(old.targets.front().cluster_uid, "uid-1");
}

TEST(StatementTest, KeepsSeveralTargetsInTheirOrder) {
  Handoff handoff = sample::handoff("precheck");
  handoff.targets.push_back({.cluster_uid = "uid-2", .namespace_ = "production"});
  const Handoff again = parse_handoff(to_bytes(handoff), "precheck.json");
  ASSERT_EQ(again.targets.size(), 2U);
  EXPECT_EQ(again.targets.back().cluster_uid, "uid-2");
}

TEST(StatementTest, NumbersItsSteps) {
  EXPECT_EQ(step_number("precheck"), 1);
  EXPECT_EQ(step_number("finalize"), 5);
  EXPECT_EQ(step_number("deploy"), 0);
}

TEST(StatementTest, IsFoundByItsStep) {
  const std::vector<Handoff> handoffs = {sample::handoff("precheck"), sample::handoff("switch")};
  EXPECT_EQ(find_step(handoffs, "switch"), &handoffs[1]);
  EXPECT_EQ(find_step(handoffs, "migrate"), nullptr);
  EXPECT_EQ(find_step({}, "switch"), nullptr);
}

TEST(StatementTest, TakesNoExtraKeyBesideTheFourAndInTheSubject) {
  Json json = parse_json(to_bytes(sample::handoff("precheck")), "x");
  json["extra"] = "1";
  EXPECT_EQ(refusal(to_text(json)), "x.json: 'extra' is not known here");
  json.erase("extra");
  json["subject"].items().front()["extra"] = "1";
  EXPECT_EQ(refusal(to_text(json)), "x.json: 'subject[].extra' is not known here");
}

TEST(StatementTest, IgnoresUnknownMembersOfThePredicate) {
  Json json = parse_json(to_bytes(sample::handoff("precheck")), "x");
  json["predicate"]["of_a_later_minor"] = "1";
  EXPECT_EQ(refusal(to_text(json)), "taken");
}

TEST(StatementTest, WritesAndTakesIntegersUpToTwoToThe53AndNoneBeyond) {
  Handoff handoff = sample::handoff("precheck");
  handoff.state["rows"] = kMaxHandoffInteger;
  EXPECT_EQ(refusal(to_bytes(handoff)), "taken");
  handoff.state["rows"] = kMaxHandoffInteger + 1;
  EXPECT_THROW(to_bytes(handoff), Error);
  Json json = parse_json(to_bytes(sample::handoff("precheck")), "x");
  json["predicate"]["state"]["rows"] = -2 * kMaxHandoffInteger;
  EXPECT_EQ(refusal(to_text(json)), "x.json: 'predicate.state.rows' is an integer beyond 2^53");
}

TEST(StatementTest, RefusesAFileBeyondTheCap) {
  Handoff handoff = sample::handoff("precheck");
  Json json = parse_json(to_bytes(handoff), "x");
  json["predicate"]["state"]["padding"] = std::string(kMaxHandoffBytes, 'x');
  EXPECT_NE(refusal(to_text(json)), "taken");
}

TEST(StatementTest, WritesNothingThatItsReaderWouldRefuse) {
  Handoff handoff = sample::handoff("precheck");
  handoff.state["padding"] = std::string(kMaxHandoffBytes, 'x');
  EXPECT_THROW(to_bytes(handoff), Error);
}

TEST(StatementTest, RefusesEveryTruncation) {
  const std::string bytes = to_bytes(sample::handoff("precheck"));
  const std::size_t end = bytes.find_last_of('}');
  for (std::size_t length = 0; length <= end; length += 7)
    ASSERT_NE(refusal(bytes.substr(0, length)), "taken") << length;
}

TEST(StatementTest, TakesEveryValidFile) {
  const auto files = files_in("valid", ".json");
  EXPECT_GE(files.size(), 5U);
  for (const fs::path& file : files) EXPECT_NO_THROW(parse_handoff(slurp(file), "x.json")) << file;
}

TEST(StatementTest, RefusesEveryInvalidFileForItsReason) {
  const auto files = files_in("invalid", ".json");
  EXPECT_GE(files.size(), 20U);
  for (const fs::path& file : files) {
    const std::string reason(trim(slurp(fs::path(file).replace_extension(".reason"))));
    ASSERT_FALSE(reason.empty()) << file;
    const std::string seen = refusal(slurp(file));
    EXPECT_NE(seen.find(reason), std::string::npos) << file << ": " << seen;
  }
}

const Json& at_path(const Json& json, const std::vector<std::string>& path) {
  const Json* found = &json;
  for (const std::string& key : path) found = &(*found)[key];
  return *found;
}

Json& at_path(Json& json, const std::vector<std::string>& path) {
  Json* found = &json;
  for (const std::string& key : path) found = &(*found)[key];
  return *found;
}

/// Every object of the schema that lists required members, by its path in a handoff.
void collect_required(const Json& schema, const std::vector<std::string>& path,
                      std::vector<std::pair<std::vector<std::string>, std::string>>& found) {
  for (const Json& name : schema["required"].items_or_none()) found.emplace_back(path, name.string());
  for (const auto& [key, inner] : schema["properties"].members_or_none()) {
    std::vector<std::string> deeper = path;
    deeper.push_back(key);
    collect_required(inner, deeper, found);
  }
}

TEST(StatementTest, NeedsExactlyWhatItsSchemaRequires) {
  const Json schema = parse_json(handoff_schema(), "schema");
  const Json whole = parse_json(to_bytes(sample::handoff("precheck")), "x");
  std::vector<std::pair<std::vector<std::string>, std::string>> required;
  collect_required(schema, {}, required);
  EXPECT_GE(required.size(), 30U);
  for (const auto& [path, name] : required) {
    Json without = whole;
    at_path(without, path).erase(name);
    EXPECT_NE(refusal(to_text(without)), "taken") << join(path, ".") << "." << name;
  }
  for (const auto& [key, value] : whole["predicate"].members()) {
    const bool is_required =
        std::ranges::find(required, std::pair{std::vector<std::string>{"predicate"}, key}) != required.end();
    Json without = whole;
    without["predicate"].erase(key);
    EXPECT_EQ(refusal(to_text(without)) != "taken", is_required) << key;
    EXPECT_NE(at_path(schema, {"properties", "predicate", "properties", key}), Json()) << key;
  }
}

}  // namespace
}  // namespace baton
