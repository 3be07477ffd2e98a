// ${…} and {{…}}: where they are filled, and that what they bring stays out of messages.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/config/loader.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/migrate.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "common/core/digest.h"
#include "common/io/files.h"
#include "tests/common/config/loading.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using namespace std::chrono_literals;
using test::load;
using test::refusal;

/// A file that goes with the test.
class Content {
 public:
  explicit Content(std::string_view text) { write_file(path, text); }
  ~Content() { std::filesystem::remove(path); }
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("baton-content-" + random_hex(4));
};

TEST(InterpolateTest, VariablesDefaultsAndFilesAreFilledIn) {
  const Content secret("from a file\n");
  const auto config = load(
                          "environment: ${A}\nimage: \"x/${A}/${B:-b}:${NONE:-}\"\ntag: ${T:-hotfix}\n"
                          "kubernetes: {namespace: \"${file:" +
                              secret.path.string() + "}\"}",
                          {{"A", "one"}})
                          .values;
  EXPECT_EQ(config.environment, "one");
  EXPECT_EQ(config.image, "x/one/b:");
  EXPECT_EQ(config.tag, "hotfix");
  EXPECT_EQ(config.kubernetes().namespace_, "from a file");
}

TEST(InterpolateTest, TypedValuesMayBeFilledEvenInQuotes) {
  const auto config =
      load("switch: {soak: \"${S}\"}\nmigrate: {backup: '${B}'}\nprecheck: {quality: {tests: {min_tests: \"${N}\"}}}",
           {{"S", "30s"}, {"B", "false"}, {"N", "7"}})
          .values;
  EXPECT_EQ(config.rollout().soak, 30s);
  EXPECT_FALSE(config.migrate().backup);
  EXPECT_EQ(config.precheck().quality.min_tests, 7);
}

TEST(InterpolateTest, WhatWasFilledInIsNeverReadAgain) {
  const auto config = load("environment: ${A}", {{"A", "${B}"}, {"B", "x"}}).values;
  EXPECT_EQ(config.environment, "${B}");
  EXPECT_EQ(load("environment: ${A}", {{"A", "[x, y]"}}).values.environment, "[x, y]") << "no YAML either";
  EXPECT_EQ(load("environment: $${A} $x $").values.environment, "${A} $x $");
}

TEST(InterpolateTest, KeysAreNeverFilled) {
  EXPECT_EQ(refusal("\"${A}\": x", {{"A", "environment"}}), "baton.yaml:2:1: unknown key '${A}'");
}

TEST(InterpolateTest, WhatIsMissingIsAnErrorOnlyForTheStepsThatReadIt) {
  const auto loaded = load(
      "database: {url: \"${DATABASE_URL}\"}\nsigning:\n  key: ${file:/nonexistent/key.pem}\n"
      "environment: ${EMPTY}",
      {{"EMPTY", ""}});
  EXPECT_TRUE(loaded.is_given("database.url"));
  const auto complaint = [&](std::string_view step, const std::vector<std::string_view>& only) {
    return refusal(ExitCode::usage, [&] { loaded.require_set(step, only); });
  };
  EXPECT_EQ(complaint("migrate", {"switch.soak", "database.migrations"}), "taken");
  EXPECT_EQ(complaint("migrate", {"database.url"}),
            "baton.yaml:2:17: database.url needs the variable DATABASE_URL, which is not there");
  EXPECT_EQ(complaint("migrate", {"database"}), complaint("migrate", {"database.url"}))
      << "a section stands for all below it";
  EXPECT_EQ(complaint("switch", {"database"}), "taken") << "switch does not read it";
  EXPECT_EQ(complaint("switch", {"signing.key"}),
            "baton.yaml:4:8: signing.key needs the file '/nonexistent/key.pem', which is not there");
  EXPECT_NE(complaint("watch", {"environment"}), "taken") << "an empty variable counts as unset";
  EXPECT_THROW(loaded.require_set("switch"), Error) << "all that the step reads";
}

TEST(InterpolateTest, WhatAVerbCanDoWithoutCountsAsNotGivenAndIsSaid) {
  auto loaded = load("metrics: {prometheus: \"${STORE}\"}\nswitch: {soak: 30s}");
  ASSERT_TRUE(loaded.is_given("metrics.prometheus"));
  const auto dropped = loaded.drop_unset();
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_EQ(dropped.front(),
            "metrics.prometheus (baton.yaml:2:23) counts as not given: the variable STORE is not there");
  EXPECT_FALSE(loaded.is_given("metrics.prometheus"));
  EXPECT_TRUE(loaded.is_given("switch.soak"));
}

TEST(InterpolateTest, AMissingNameOfTheApplicationIsNamed) {
  EXPECT_EQ(refusal(ExitCode::usage, [] { load_config({.text = "app: ${APP}"}, {}).require_set("finalize"); }),
            "baton.yaml:1:6: app needs the variable APP, which is not there");
}

TEST(InterpolateTest, BadFormsAreRefused) {
  EXPECT_EQ(refusal("environment: ${A"), "baton.yaml:2:14: '${' is not closed");
  EXPECT_EQ(refusal("environment: ${1A}"), "baton.yaml:2:14: '${1A}' names no variable");
  EXPECT_EQ(refusal("environment: ${}"), "baton.yaml:2:14: '${}' names no variable");
  EXPECT_EQ(refusal("environment: ${A-x}"), "baton.yaml:2:14: '${A-x}' names no variable");
  EXPECT_EQ(refusal("environment: ${A:-${B}}"), "baton.yaml:2:14: a default cannot hold another ${…}");
  EXPECT_EQ(refusal("environment: ${file:/}"), "baton.yaml:2:14: cannot read '/': it is a folder");
}

TEST(InterpolateTest, ASecretThatDoesNotFitIsNotQuoted) {
  const test::Variables secret = {{"S", "hunter2"}};
  for (const char* text :
       {"switch: {soak: \"${S}\"}", "migrate: {backup: \"${S}\"}", "run: {ci: \"${S}\"}",
        "switch: {strategy: \"${S}\"}", "precheck: {quality: {tests: {min_tests: \"${S}\"}}}",
        "switch: {smoke: [{path: \"${S}\"}]}", "switch: {smoke: [{path: /, kind: \"${S}\"}]}",
        "watch: {limits: {cpu: {warn: \"${S}\"}}}", "run: {report: [\"${S}\"]}", "switch: {smoke: \"${S}\"}"}) {
    const std::string message = refusal(text, secret);
    EXPECT_NE(message, "taken") << text;
    EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
  }
}

TEST(PlaceholderTest, EveryNameOfTheContractMayStandInASelector) {
  EXPECT_EQ(
      refusal("metrics: {selector: "
              "'a=\"{{app}}{{namespace}}{{colour}}{{version}}{{semver}}{{deployment}}{{pods}}{{window}}{{step}}\"'}"),
      "taken");
  EXPECT_EQ(refusal("tag: 'x-{{semver}}'"), "taken");
}

TEST(PlaceholderTest, UnknownOnesAreRefusedWhenLoading) {
  EXPECT_EQ(refusal("tag: 'x-{{semvr}}'"), "baton.yaml:2:6: unknown placeholder '{{semvr}}'");
  EXPECT_EQ(refusal("metrics: {selector: '{{color}}'}"), "baton.yaml:2:21: unknown placeholder '{{color}}'");
  EXPECT_EQ(refusal("switch: {public: ['https://x/{{vers}}']}"), "baton.yaml:2:19: unknown placeholder '{{vers}}'");
}

TEST(PlaceholderTest, KnownOnesAreRefusedWhereNobodyFillsThem) {
  EXPECT_EQ(refusal("tag: '{{colour}}'"),
            "baton.yaml:2:6: the placeholder '{{colour}}' is not available here in this version");
  for (const char* text :
       {"metrics: {prometheus: 'http://{{namespace}}:9090'}",
        "metrics: {prometheus: {url: 'http://{{namespace}}:9090'}}", "switch: {public: ['https://x/{{version}}']}",
        "switch: {smoke: [{path: '/{{version}}'}]}", "precheck: {staging: {url: 'https://{{app}}'}}",
        "notify: {to: [{webhook: 'https://{{app}}'}]}"}) {
    EXPECT_NE(refusal(text).find("not available here"), std::string::npos) << refusal(text);
  }
}

}  // namespace
}  // namespace baton
