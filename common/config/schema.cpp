// The JSON Schema of baton.yaml, from the table of keys.
#include "common/config/schema.h"

#include "common/config/config.h"
#include "common/config/keys.h"
#include "common/core/text.h"

namespace baton {
namespace {

Json section() {
  return Json::object({{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}});
}

/// Puts the key's schema where its path says, making sections on the way.
void place(Json& root, const config::Key& key) {
  Json* at = &root;
  const auto pieces = split(key.path, '.');
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    Json& slot = (*at)["properties"][pieces[i]];
    if (i + 1 == pieces.size()) {
      slot = key.schema;
      slot["description"] = key.help;
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
  root["required"] = Json::array({"app"});
  for (const auto& key : config::keys()) place(root, key);
  return to_pretty_text(root);
}

}  // namespace baton
