// The JSON Schema of baton.yaml: the golden file, and that it names what the loader takes.
#include "common/config/schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

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
