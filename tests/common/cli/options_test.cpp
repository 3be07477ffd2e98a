// Flags reach their fields, and nothing that is no flag is taken for one.
#include "common/cli/options.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

struct Fields {
  std::string name = {};
  std::vector<std::string> items = {};
  std::string strict = "unset";
};

std::vector<std::string> parse(Fields& fields, std::vector<const char*> words) {
  const std::vector<Option> options = {
      {"name", "TEXT", "", [&](const std::string& value) { fields.name = value; }},
      {"item", "TEXT", "", [&](const std::string& value) { fields.items.push_back(value); }},
      {"strict", "", "", [&](const std::string& value) { fields.strict = value; }, 's'},
  };
  words.insert(words.begin(), "baton-test");
  return parse_options(options, static_cast<int>(words.size()), words.data());
}

std::string refusal(const std::vector<const char*>& words) {
  Fields fields;
  return test::refusal_and_hint(ExitCode::usage, [&] { return parse(fields, words); });
}

TEST(OptionsTest, BindsValuesInBothForms) {
  Fields fields;
  EXPECT_TRUE(parse(fields, {"--name", "a", "--item=b", "--item", "c", "-s"}).empty());
  EXPECT_EQ(fields.name, "a");
  EXPECT_EQ(fields.items, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(fields.strict, "true");
}

TEST(OptionsTest, KeepsCommasAndEqualsSigns) {
  Fields fields;
  parse(fields, {"--item", "switch.smoke=[{path: /a, status: 200}, {path: /b}]"});
  EXPECT_EQ(fields.items, std::vector<std::string>{"switch.smoke=[{path: /a, status: 200}, {path: /b}]"});
}

TEST(OptionsTest, TakesAValueThatBeginsWithADash) {
  Fields fields;
  parse(fields, {"--name", "--strict"});
  EXPECT_EQ(fields.name, "--strict");
  EXPECT_EQ(fields.strict, "unset");
}

TEST(OptionsTest, HoldsAnEmptyValueForNotGiven) {
  Fields fields{.name = "before"};
  parse(fields, {"--name", "", "--item="});
  EXPECT_EQ(fields.name, "before");
  EXPECT_TRUE(fields.items.empty());
}

TEST(OptionsTest, ReturnsWordsAndAllThatFollowsTwoDashes) {
  Fields fields;
  EXPECT_EQ(parse(fields, {"run", "--name", "a", "file", "--", "npx", "--strict", "-x"}),
            (std::vector<std::string>{"run", "file", "npx", "--strict", "-x"}));
  EXPECT_EQ(fields.strict, "unset");
}

TEST(OptionsTest, SuggestsTheFlagThatWasMeant) {
  EXPECT_EQ(refusal({"--stirct"}), "unknown flag '--stirct' | Use '--strict' if that is what you meant.");
  EXPECT_EQ(refusal({"--xyzzy=1"}), "unknown flag '--xyzzy' | See --help for the flags there are.");
  EXPECT_EQ(refusal({"-q"}), "unknown flag '-q' | See --help for the flags there are.");
  EXPECT_EQ(refusal({"--na"}).substr(0, 19), "unknown flag '--na'");
}

TEST(OptionsTest, RefusesAMissingValueAndASwitchThatIsNeither) {
  EXPECT_NE(refusal({"--name"}), "taken");
  EXPECT_EQ(refusal({"--strict=yes"}).substr(0, 43), "--strict is 'yes', not true or false | Writ");
  EXPECT_EQ(refusal({"--strict=false"}), "taken");
}

TEST(OptionsTest, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_int("-7", "--jobs"), -7);
  for (const char* text : {"", "7x", "1.5", "99999999999"}) EXPECT_THROW(parse_int(text, "--jobs"), Error) << text;
}

}  // namespace
}  // namespace baton
