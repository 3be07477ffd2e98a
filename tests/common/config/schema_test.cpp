// The JSON Schema of baton.yaml: the golden file, and that it names what the loader takes.
#include "common/config/schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "common/config/examples.h"
#include "common/config/keys.h"
#include "common/config/meant_key.h"
#include "common/core/json.h"
#include "common/core/text.h"
#include "tests/common/config/loading.h"
#include "tests/support/places.h"

namespace baton {
namespace {

std::string content(const std::string& path) {
  std::ifstream file(test::source_folder() / path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(SchemaTest, IsTheGoldenFile) {
  // Not EXPECT_EQ, which would print both.
  EXPECT_TRUE(config_schema() == content("tests/golden/config.schema.json"))
      << "Run baton-precheck --schema config > tests/golden/config.schema.json after a wanted change.";
}

TEST(SchemaTest, HasEveryKeyWithItsHelpAndNothingElseIsAllowed) {
  const Json schema = parse_json(config_schema(), "schema");
  EXPECT_EQ(schema["$schema"].string(), "https://json-schema.org/draft/2020-12/schema");
  for (const auto& key : config::keys()) {
    const Json* at = &schema;
    for (const auto& piece : split(key.path, '.')) {
      EXPECT_FALSE((*at)["additionalProperties"].boolean()) << key.path;
      at = &(*at)["properties"][piece];
    }
    EXPECT_EQ((*at)["description"].string(), key.help) << key.path;
  }
}

/// The schemas of every value, at any depth.
void visit(const Json& schema, const std::string& path,
           const std::function<void(const Json&, const std::string&)>& see) {
  see(schema, path);
  for (const auto& [name, property] : schema["properties"].members_or_none()) visit(property, path + "." + name, see);
  for (const char* several : {"anyOf", "oneOf"}) {
    for (const auto& one : schema[several].items_or_none()) visit(one, path, see);
  }
  if (const Json* items = schema.find("items")) visit(*items, path + "[]", see);
}

TEST(SchemaTest, EveryValueIsDescribed) {
  visit(parse_json(config_schema(), "schema"), "", [](const Json& schema, const std::string& path) {
    for (const auto& [name, property] : schema["properties"].members_or_none()) {
      const bool is_section = property.find("properties") != nullptr;
      EXPECT_TRUE(is_section || property.find("description") != nullptr) << path << "." << name;
    }
  });
}

TEST(SchemaTest, EveryKeyHasItsDefaultAndAnExampleThatTheLoaderTakes) {
  const Json schema = parse_json(config_schema(), "schema");
  const Config defaults;
  for (const auto& key : config::keys()) {
    const Json* at = &schema;
    for (const auto& piece : split(key.path, '.')) at = &(*at)["properties"][piece];
    const Json* value = at->find("default");
    EXPECT_TRUE(value == nullptr || *value == key.show(defaults)) << key.path;
    ASSERT_FALSE(config::example_of(key.path).empty()) << key.path;
    const std::string others = key.path == "switch.rehearsal" ? "{smoke: [{path: /}]}" : "";
    const auto loaded = load_config(
        {.text = "app: shop",
         .overrides = {{"switch", others, "--set"}, {key.path, std::string(config::example_of(key.path)), "--set"}}},
        Environment(test::Variables{{"DATABASE_URL", "sqlite:a"},
                                    {"DATABASE_DIRECT_URL", "sqlite:a"},
                                    {"PROMETHEUS_TOKEN", "t"},
                                    {"SLACK_WEBHOOK", "https://x"},
                                    {"BATON_SIGNING_KEY", "k"}}));
    EXPECT_TRUE(loaded.is_given(key.path)) << key.path;
  }
  EXPECT_EQ(schema["properties"]["switch"]["properties"]["soak"]["default"].string(), "5m");
}

TEST(SchemaTest, KeysAreUniqueAndNoKeyIsASectionOfAnother) {
  const auto& keys = config::keys();
  for (const auto& key : keys) {
    for (const auto& other : keys) {
      if (&key == &other) continue;
      EXPECT_NE(key.path, other.path);
      EXPECT_FALSE(config::is_below(other.path, key.path)) << other.path;
    }
  }
}

}  // namespace
}  // namespace baton
