// What --print-config shows, and what the policy's digest stands for.
#include <gtest/gtest.h>

#include "common/config/keys.h"
#include "tests/common/config/loading.h"

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

TEST(PrintedTest, EveryKeyIsShownWithItsOrigin) {
  const std::string printed = load("switch: {soak: 30s}", {}, {{"watch.step", "5s", "--set"}}).printed();
  for (const auto& key : config::keys()) EXPECT_TRUE(has("\n" + printed, "\n" + key.path + ": ")) << key.path;
  EXPECT_TRUE(has(printed, "switch.soak: 30s  # baton.yaml:2:16\n")) << printed;
  EXPECT_TRUE(has(printed, "watch.step: 5s  # --set\n"));
  EXPECT_TRUE(has(printed, "migrate.budget: 5m  # default\n"));
}

TEST(PrintedTest, SecretsAreNotShown) {
  const auto loaded = load(kSecrets, {{"DIRECT", "postgresql://app:hunter2@db:5433/shop"}});
  EXPECT_FALSE(has(loaded.printed(), "hunter2")) << loaded.printed();
  EXPECT_TRUE(has(loaded.printed(), "database.url: postgresql://app:***@db:5432/shop  #"));
  EXPECT_TRUE(has(loaded.printed(), "signing.key: ***  #"));
  for (const auto& [key, entry] : loaded.entries) EXPECT_FALSE(has(entry.text, "hunter2")) << key;
}

TEST(PrintedTest, WhatIsMissingIsNamed) {
  EXPECT_TRUE(has(load("image: ${IMAGE}").printed(), "image: (variable IMAGE is not set)  # baton.yaml:2:8\n"));
}

TEST(PrintedTest, AValueCannotForgeALine) {
  EXPECT_TRUE(has(load("environment: \"a\\nswitch.soak: 1s\"").printed(), "environment: a\\x0aswitch.soak: 1s  #"));
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
