// What a template names, what that holds, and templates that name something else.
#include "common/rollout/config_maps.h"

#include <gtest/gtest.h>

#include "tests/common/rollout/json_of.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

/// A Deployment that names "settings" everywhere it can.
Json naming_everywhere() {
  return json(R"({"spec":{"template":{"spec":{
    "initContainers":[{"envFrom":[{"prefix":"A_","configMapRef":{"name":"settings"}}],
                       "env":[{"name":"I","valueFrom":{"configMapKeyRef":{"name":"settings","key":"k"}}}]}],
    "containers":[{"env":[{"name":"P","value":"settings"},
                          {"name":"S","valueFrom":{"secretKeyRef":{"name":"settings","key":"k"}}},
                          {"name":"K","valueFrom":{"configMapKeyRef":{"name":"settings","key":"k","optional":true}}}]},
                  {"envFrom":[{"configMapRef":{"name":"settings"}},{"secretRef":{"name":"settings"}}]}],
    "volumes":[{"name":"settings","configMap":{"name":"settings"}},{"name":"e","emptyDir":{}},
               {"name":"s","secret":{"secretName":"settings"}},
               {"name":"p","projected":{"sources":[{"secret":{"name":"settings"}},{"configMap":{"name":"settings"}}]}},
               {"name":"o","configMap":{"name":"other"}}]}}}})");
}

std::string content(const char* text) { return content_of(json(text)); }

TEST(ConfigMapsTest, AreNamedByEnvironmentAndVolumes) {
  EXPECT_EQ(config_maps_of(naming_everywhere()), (std::set<std::string>{"other", "settings"}));
  EXPECT_TRUE(config_maps_of(json("{}")).empty());
}

TEST(ConfigMapsTest, EachReferenceIsWrittenAnewAndNothingElse) {
  const auto made = with_config_maps(naming_everywhere(), {{"settings", "copy"}});
  EXPECT_EQ(config_maps_of(made), (std::set<std::string>{"copy", "other"}));
  auto expected = to_text(naming_everywhere());
  for (const std::string_view before :
       {R"("configMapRef":{"name":"settings")", R"("configMapKeyRef":{"name":"settings")",
        R"("configMap":{"name":"settings")"}) {
    auto after = std::string(before);
    after.replace(after.find("settings"), 8, "copy");
    for (auto at = expected.find(before); at != std::string::npos; at = expected.find(before))
      expected.replace(at, before.size(), after);
  }
  EXPECT_EQ(to_text(made), expected) << "Secrets, names of volumes and plain values stay";
}

TEST(ConfigMapsTest, HoldTheSameInWhateverOrder) {
  EXPECT_EQ(content(R"({"data":{"a":"1","b":"2"},"metadata":{"name":"x"}})"), content(R"({"data":{"b":"2","a":"1"}})"));
  EXPECT_EQ(content(R"({"data":{}})"), content("{}"));
  EXPECT_EQ(content(R"({"binaryData":{"k":"AAEC\nAwQF\n"}})"), content(R"({"binaryData":{"k":"AAECAwQF"}})"));
  EXPECT_EQ(content("{}").size(), 64U);
}

TEST(ConfigMapsTest, HoldSomethingElseWithAnyOtherKeyOrValue) {
  const auto before = content(R"({"data":{"a":"1"}})");
  for (const auto* other : {R"({"data":{"a":"2"}})", R"({"data":{"b":"1"}})", R"({"data":{"a":"1","b":""}})",
                            R"({"binaryData":{"a":"1111"}})"})
    EXPECT_NE(content(other), before) << other;
}

TEST(ConfigMapsTest, AValueThatIsNoTextIsRefusedByItsKey) {
  EXPECT_TRUE(test::says(
      test::refusal(ExitCode::usage, [] { return content(R"({"metadata":{"name":"s"},"data":{"PORT":8080}})"); }),
      "ConfigMap 's': the value of 'PORT' is no text"));
}

TEST(ConfigMapsTest, ACopyIsNamedAfterWhatItHolds) {
  const auto holds = content(R"({"data":{"a":"1"}})");
  const auto name = copy_name("settings", holds);
  EXPECT_EQ(name, "settings-" + holds.substr(0, 10));
  EXPECT_TRUE(is_copy_name(name, holds));
  EXPECT_FALSE(is_copy_name(name, content("{}")));
  EXPECT_FALSE(is_copy_name("settings", holds));
}

}  // namespace
}  // namespace baton::rollout
