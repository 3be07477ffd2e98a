// What --print-config shows, and what the policy's digest stands for.
#include <gtest/gtest.h>

#include "common/config/keys.h"
#include "common/core/text.h"
#include "common/core/yaml.h"
#include "common/io/files.h"
#include "tests/common/config/loading.h"
#include "tests/support/places.h"

namespace baton {
namespace {

using test::load;

bool has(const std::string& text, std::string_view piece) { return text.find(piece) != std::string::npos; }

constexpr const char* kSecrets = R"(
database: {url: "postgresql://app:hunter2@db:5432/shop", direct_url: "${DIRECT}"}
metrics: {prometheus: {url: "https://u:hunter2@p:9090", token: hunter2, headers: {Authorization: hunter2}}}
precheck: {staging: {url: "https://staging.example?token=hunter2"}}
switch: {public: ["https://api.example/health?api_key=hunter2"], smoke: [{path: "/x?token=hunter2"}]}
notify: {to: [{slack: "https://hooks.example/hunter2"}], incident: [{webhook: "https://w.example/hunter2"}]}
signing: {key: hunter2}
)";

YamlNode tree_of(const LoadedConfig& loaded) { return parse_yaml(loaded.printed(), "printed"); }

const YamlNode* find(const YamlNode& root, const std::string& path) {
  const YamlNode* at = &root;
  for (const auto& piece : split(path, '.')) at = at == nullptr ? nullptr : at->find(piece);
  return at;
}

TEST(PrintedTest, EveryKeyIsShownWithItsOrigin) {
  const auto loaded = load("switch: {soak: 30s}", {}, {{"watch.step", "5s", "--set"}});
  const auto tree = tree_of(loaded);
  for (const auto& key : config::keys()) EXPECT_NE(find(tree, key.path), nullptr) << key.path;
  const std::string printed = loaded.printed();
  EXPECT_TRUE(has(printed, "\napp: shop  # baton.yaml:1:6\n") || printed.starts_with("app: shop  # baton.yaml:1:6\n"));
  EXPECT_TRUE(has(printed, "\n  soak: 30s  # baton.yaml:2:16\n")) << printed;
  EXPECT_TRUE(has(printed, "\n  step: 5s  # --set\n"));
  EXPECT_TRUE(has(printed, "migrate:\n  budget: 5m  # default\n"));
}

TEST(PrintedTest, SecretsAreNotShown) {
  const auto loaded = load(kSecrets, {{"DIRECT", "postgresql://app:hunter2@db:5433/shop"}});
  for (const auto& printed : {loaded.printed(), loaded.printed_json()})
    EXPECT_FALSE(has(printed, "hunter2")) << printed;
  EXPECT_TRUE(has(loaded.printed(), "url: \"postgresql://app:***@db:5432/shop\"  #"));
  EXPECT_TRUE(has(loaded.printed(), "key: \"***\"  #"));
  for (const auto& [key, entry] : loaded.entries) EXPECT_FALSE(has(entry.text, "hunter2")) << key;
}

TEST(PrintedTest, WhatIsMissingIsNamed) {
  const auto loaded = load("image: ${IMAGE}");
  EXPECT_TRUE(has(loaded.printed(), "\n# image: not given, as there is no variable IMAGE  # baton.yaml:2:8\n"));
  EXPECT_TRUE(parse_json(loaded.printed_json(), "printed")["config"]["image"].is_null());
}

TEST(PrintedTest, AValueCannotForgeALine) {
  const auto tree = tree_of(load("environment: \"a\\nswitch: {soak: 1s}  # \\u2028 '\""));
  EXPECT_EQ(find(tree, "environment")->text, "a\nswitch: {soak: 1s}  # \u2028 '");
  EXPECT_EQ(find(tree, "switch.soak")->text, "5m");
}

TEST(PrintedTest, AWordThatMeansSomethingElseToYamlIsQuoted) {
  for (const char* word : {"yes", "Null", "1.10", "007", "1e3", "0x1f", "~", "12:30", "a: b", "#x", "*a", "-", "%x"}) {
    EXPECT_EQ(to_flow_yaml(Json(word)), "\"" + std::string(word) + "\"");
    EXPECT_EQ(to_json(parse_yaml(to_flow_yaml(Json(word)), "word")), Json(word));
  }
  for (const char* word : {"shop", "5m", "80%", "k8s/web.yaml", "v1.6.0"}) EXPECT_EQ(to_flow_yaml(Json(word)), word);
}

TEST(PrintedTest, WhatIsPrintedCanBeLoadedAndIsTheSamePolicy) {
  const std::string full = read_file(test::source_folder() / "tests/common/config/full.yaml");
  const test::Variables variables = {{"PROMETHEUS_TOKEN", "t"},
                                     {"HOOK_TOKEN", "t"},
                                     {"SLACK_WEBHOOK", "https://hooks.slack.example/x"},
                                     {"BATON_SIGNING_KEY", "keys/ci.key"}};
  for (const std::string& text : {std::string("app: shop"), "app: shop" + std::string(kSecrets), full}) {
    const auto loaded = load_config({.text = text}, Environment(variables));
    const auto again = load_config({.text = loaded.printed()}, {});
    EXPECT_EQ(again.policy_sha256(), loaded.policy_sha256()) << loaded.printed();
    for (const auto& [key, entry] : loaded.entries) EXPECT_EQ(again.entries.at(key).text, entry.text) << key;
    const Json json = parse_json(loaded.printed_json(), "json");
    EXPECT_EQ(load_config({.text = to_text(json["config"])}, {}).policy_sha256(), loaded.policy_sha256());
    EXPECT_EQ(json["origins"]["app"].string(), loaded.origin("app"));
  }
}

TEST(PolicyTest, ChangesWithEveryValueThatIsNoSecret) {
  const std::string before = load("").policy_sha256();
  EXPECT_EQ(before.size(), 64U);
  EXPECT_EQ(load("# a comment\n").policy_sha256(), before);
  EXPECT_EQ(load("switch: {soak: 5m}").policy_sha256(), before) << "the default spelled out is the same policy";
  EXPECT_NE(load("switch: {soak: 5m1s}").policy_sha256(), before);
  EXPECT_NE(load("watch: {limits: {cpu: {warn: 81%}}}").policy_sha256(), before);
}

TEST(PolicyTest, NeitherSecretsNorTheRunAreInIt) {
  EXPECT_EQ(load("signing: {key: a}").policy_sha256(), load("signing: {key: b}").policy_sha256());
  EXPECT_EQ(load("run: {strict: true, dir: x}").policy_sha256(), load("").policy_sha256());
}

}  // namespace
}  // namespace baton
