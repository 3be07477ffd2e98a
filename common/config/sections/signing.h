// `signing:` our key, and those that are trusted.
#pragma once

#include <string>
#include <vector>

namespace baton {

struct TrustEntry {
  std::string step = {};
  std::string key = {};  ///< path, PEM text or OpenSSH line
};

struct SigningConfig {
  std::string key = {};  ///< PEM text or path
  std::vector<TrustEntry> trust = {};
};

namespace config {
struct Key;
/// The keys of the section.
void add_signing(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
