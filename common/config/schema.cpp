// The JSON Schema of baton.yaml, from the table of keys.
#include "common/config/schema.h"

#include "common/config/config.h"
#include "common/config/examples.h"
#include "common/config/keys.h"
#include "common/core/text.h"
#include "common/core/yaml.h"

namespace baton {
namespace {

Json section() {
  return Json::object(
      {{"type", Json::array({"object", "null"})}, {"additionalProperties", false}, {"properties", Json::object()}});
}

bool is_nothing(const Json& value) {
  return value.is_null() || (value.is_string() && value.string().empty()) || (!value.is_string() && value.size() == 0);
}

/// Nothing, and an empty text, stand for "not given" wherever a key stands.
Json or_not_given(Json schema) {
  const Json* type = schema.find("type");
  const bool has_types = type != nullptr && type->is_array();
  if (has_types) schema["type"].push_back("null");
  const Json nothing = Json::object({{"enum", Json::array({nullptr, ""})}});
  if (schema.find("anyOf") != nullptr) {
    schema["anyOf"].push_back(nothing);
  } else if (!has_types) {
    schema = Json::object({{"anyOf", Json::array({std::move(schema), nothing})}});
  }
  return schema;
}

Json schema_of(const config::Key& key, const Config& defaults) {
  Json schema = or_not_given(key.schema);
  schema["description"] = key.help;
  if (const Json value = key.show(defaults); !is_nothing(value)) schema["default"] = value;
  schema["examples"] = Json::array({to_json(parse_yaml(config::example_of(key.path), key.path))});
  return schema;
}

/// Puts the key's schema where its path says, making sections on the way.
void place(Json& root, const config::Key& key, const Config& defaults) {
  Json* at = &root;
  const auto pieces = split(key.path, '.');
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    Json& slot = (*at)["properties"][pieces[i]];
    if (i + 1 == pieces.size()) {
      slot = schema_of(key, defaults);
      return;
    }
    if (slot.is_null()) slot = section();
    at = &slot;
  }
}

}  // namespace

std::string config_schema() {
  Json root = Json::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "baton.yaml"}});
  const Json empty = section();
  for (const auto& [key, value] : empty.members()) root[key] = value;
  root["type"] = "object";
  root["required"] = Json::array({"app"});
  const Config defaults;
  for (const auto& key : config::keys()) place(root, key, defaults);
  return to_pretty_text(root);
}

}  // namespace baton
