// From baton.yaml, flags and variables to a loaded configuration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/config/loaded.h"
#include "common/io/env.h"

namespace baton {

/// One value that came from outside the file: "--set" or a flag ("switch.soak", "30s", "--set"), or a variable.
struct ConfigOverride {
  std::string key;
  std::string value;   ///< YAML's flow form
  std::string origin;  ///< "--set", "--strict", "BATON_STRICT"
};

struct ConfigSource {
  std::string name = "baton.yaml";             ///< for messages
  std::optional<std::string> text = {};        ///< nothing: no file
  std::vector<ConfigOverride> overrides = {};  ///< later ones win
  bool standalone = false;                     ///< app may be absent
  std::string folder_name = {};                ///< stands in for app then
};

/// Throws Error{usage} "baton.yaml:3:5: …", a line for each mistake, on unknown keys (with the nearest known one),
/// wrong types, values out of range, and on keys whose feature this version does not have yet.
LoadedConfig load_config(const ConfigSource& source, const Environment& environment);

}  // namespace baton
