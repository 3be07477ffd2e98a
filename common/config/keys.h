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

/// Names of steps; none: all of them.
using Readers = std::vector<std::string_view>;

struct Key {
  std::string path;  ///< dotted: "switch.soak"
  std::string help;
  Readers readers = {};   ///< the steps that use it: its ${NAME} must be set for these
  bool is_guard = false;  ///< without it the release is checked less: no variable of a job sets it
  Json schema = {};
  std::function<void(Config&, const Source&, const YamlNode&)> read = {};
  std::function<Json(const Config&)> show = {};  ///< what `read` would take, secrets as ***; null: nothing is set
};

/// A shown value in one line: a text as it is, all else as JSON.
std::string shown_text(const Json& shown);

bool is_read_by(const Key& key, std::string_view step);

/// Every key of this version, in the file's order.
const std::vector<Key>& keys();

}  // namespace baton::config
