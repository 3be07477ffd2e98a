// Precedence of the common flags: flag, --set, environment, file.
#include "common/cli/flags.h"

#include <gtest/gtest.h>

#include <set>

#include "common/config/loader.h"
#include "common/config/schema.h"
#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> keys_of(const Settings& settings) {
  std::vector<std::string> keys;
  for (const ConfigOverride& over : settings.overrides)
    keys.push_back(over.key + "=" + over.value + " (" + over.origin + ")");
  return keys;
}

TEST(FlagsTest, ListsOverridesWeakestFirst) {
  const GivenFlags given = {{"strict", {"true"}}, {"set", {"switch.soak=30s", "run.strict=false"}}};
  const Environment environment(Variables{{"BATON_STRICT", "false"}, {"BATON_SET", "app=a\n\nswitch.soak=1m\n"}});
  EXPECT_EQ(
      keys_of(settle(given, environment)),
      (std::vector<std::string>{"app=a (BATON_SET)", "switch.soak=1m (BATON_SET)", "run.strict=false (BATON_STRICT)",
                                "switch.soak=30s (--set)", "run.strict=false (--set)", "run.strict=true (--strict)"}));
}

TEST(FlagsTest, QuotesTextForTheFilesSyntax) {
  const Settings settings = settle({{"dir", {"a: b"}}, {"report", {"junit=a.xml", "json=b.json"}}}, {});
  EXPECT_EQ(keys_of(settings), (std::vector<std::string>{"run.dir=\"a: b\" (--dir)",
                                                         "run.report=[\"junit=a.xml\",\"json=b.json\"] (--report)"}));
}

TEST(FlagsTest, TakesKeylessFlagsFromTheEnvironmentAndLetsTheFlagWin) {
  const Environment environment(
      Variables{{"BATON_STANDALONE", "true"}, {"BATON_OBSERVE", "true"}, {"BATON_CONFIG", "a.yaml"}});
  EXPECT_TRUE(settle({}, environment).standalone);
  EXPECT_EQ(settle({}, environment).config_file, "a.yaml");
  EXPECT_FALSE(settle({{"standalone", {"false"}}}, environment).standalone);
  EXPECT_EQ(settle({{"config", {"b.yaml"}}}, environment).config_file, "b.yaml");
}

TEST(FlagsTest, RefusesAVariableThatIsNeitherTrueNorFalse) {
  EXPECT_THROW(settle({}, Environment(Variables{{"BATON_STRICT", "yes"}})), Error);
  EXPECT_THROW(settle({}, Environment(Variables{{"BATON_DRY_RUN", "1"}})), Error);
  EXPECT_NO_THROW(settle({}, Environment(Variables{{"BATON_STRICT", ""}})));
}

TEST(FlagsTest, HasNoVariableForWhatIsOnlyPrinted) {
  const Environment environment(Variables{
      {"BATON_VERSION", "true"}, {"BATON_HELP", "true"}, {"BATON_SCHEMA", "config"}, {"BATON_PRINT_CONFIG", "true"}});
  const Settings settings = settle({}, environment);
  EXPECT_FALSE(settings.version || settings.help || settings.print_config);
  EXPECT_TRUE(settings.schema.empty());
}

TEST(FlagsTest, RefusesAnEmptyProtectionThatWasGiven) {
  for (const std::string flag : {"handoff-sha256", "config"}) {
    EXPECT_THROW(settle({{flag, {""}}}, {}), Error) << flag;
    EXPECT_THROW(settle({}, Environment(Variables{{variable_of(flag), ""}})), Error) << flag;
  }
  EXPECT_NO_THROW(settle({}, Environment(Variables{{"BATON_RELEASE", ""}}))) << "any other empty one is none";
}

TEST(FlagsTest, RefusesWhatIsNoPairNoSchemaNoDigest) {
  EXPECT_THROW(settle({{"set", {"soak"}}}, {}), Error);
  EXPECT_THROW(settle({{"set", {"=1"}}}, {}), Error);
  EXPECT_THROW(settle({{"schema", {"yaml"}}}, {}), Error);
  EXPECT_THROW(settle({{"handoff-sha256", {"abc"}}}, {}), Error);
}

TEST(FlagsTest, DoesNotShowTheValueOfABrokenSet) {
  const auto error = test::error_of([] { return settle({{"set", {"=hunter2"}}}, {}); });
  EXPECT_FALSE(test::says(error.what(), "hunter2"));
}

/// The contract's list of keyless flags; the loader's table has the others.
TEST(FlagsTest, GivesEveryFlagAKeyButThoseTheContractNames) {
  std::set<std::string_view> keyless;
  for (const CommonFlag& flag : common_flags()) {
    if (flag.key.empty()) keyless.insert(flag.name);
  }
  EXPECT_EQ(keyless, (std::set<std::string_view>{"config", "dry-run", "handoff-sha256", "help", "observe",
                                                 "print-config", "schema", "set", "standalone", "version"}));
}

TEST(FlagsTest, NamesOnlyKeysThatTheLoaderKnows) {
  const std::string schema = config_schema();
  for (const CommonFlag& flag : common_flags()) {
    if (flag.key.empty()) continue;
    EXPECT_NE(schema.find("\"" + std::string(flag.key.substr(flag.key.find('.') + 1)) + "\""), std::string::npos)
        << flag.key;
  }
}

}  // namespace
}  // namespace baton
