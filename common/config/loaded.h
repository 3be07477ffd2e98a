// A loaded configuration: where each value came from, how it is shown, what it is as a policy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/core/yaml.h"

namespace baton {

/// A configuration and where each value came from.
class LoadedConfig {
 public:
  Config values;
  /// "baton.yaml:14:8", "--set", "BATON_STRICT" or "default".
  std::string origin(std::string_view key) const;
  /// Also of a key whose ${NAME} was not set; not of an empty value.
  bool is_given(std::string_view key) const;
  /// Keys that were set from outside the file, for the handoff's policy.
  std::vector<std::string> overridden() const;
  /// What --print-config shows: every key as YAML that can be loaded, secrets as ***, where each came from beside it.
  std::string printed() const;
  /// The same values as JSON, and the origins by dotted key.
  std::string printed_json() const;
  /// SHA-256 of the effective configuration without secrets and without `run`.
  std::string policy_sha256() const;
  /// A ${NAME} that is not set is an error where its key is used: throws Error{usage} with the position of the first
  /// key that `step` reads (keys.h). `only` narrows that to these keys and sections, for a verb that uses no others.
  void require_set(std::string_view step, const std::optional<std::vector<std::string_view>>& only = {}) const;
  /// What is left over then counts as not given; each with its reason, for a warning.
  std::vector<std::string> drop_unset();

  struct Entry {
    std::string text;  ///< printed form, secrets already ***
    std::string origin;
    std::string missing = {};  ///< the variable or file that was not there
    bool overridden = false;
    YamlNode written = {};  ///< as it stood, ${…} and all; null where nothing was given
  };
  std::map<std::string, Entry, std::less<>> entries;  ///< by dotted key
};

}  // namespace baton
