// A loaded configuration: where each value came from, how it is shown, what it is as a policy.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"

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
  /// Every key, its value with secrets as ***, its origin; what --print-config shows.
  std::string printed() const;
  /// SHA-256 of the effective configuration without secrets and without `run`.
  std::string policy_sha256() const;
  /// A ${NAME} that was not set is an error only where the key, or one below the section, is used: throws Error{usage}
  /// with its position.
  void need(std::string_view key) const;

  struct Entry {
    std::string text;  ///< printed form, secrets already ***
    std::string origin;
    std::string missing = {};  ///< the variable or file that was not there
    bool overridden = false;
  };
  std::map<std::string, Entry, std::less<>> entries;  ///< by dotted key
};

}  // namespace baton
