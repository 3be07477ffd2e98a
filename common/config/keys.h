// The table of keys: loader, --print-config, the JSON Schema and "did you mean" are all made from it.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/config/source.h"

namespace baton::config {

struct Key {
  std::string path;  ///< dotted: "switch.soak"
  std::string help;
  Json schema = {};
  std::function<void(Config&, const Source&, const YamlNode&)> read = {};
  std::function<std::string(const Config&)> show = {};  ///< secrets as ***
};

/// Every key of this version, in the file's order.
const std::vector<Key>& keys();

/// Keys of the contract whose feature this version does not have: refused by name, they and all below them.
std::span<const std::string_view> keys_of_later_versions();

/// The known key or section that was probably meant: a sibling spelled alike, else the same word elsewhere.
std::optional<std::string> meant_key(const std::string& path);

/// "switch.soak" is below "switch".
bool is_below(std::string_view path, std::string_view section);

}  // namespace baton::config
