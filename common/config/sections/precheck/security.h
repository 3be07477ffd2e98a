// `precheck.security:` scans, secrets, certificates.
#pragma once

#include <string>
#include <vector>

namespace baton {

/// A value that looks like a secret and is none, or is known.
struct AllowedSecret {
  std::string sha256 = {};  ///< as the finding prints it
  std::string reason = {};
  std::string until = {};  ///< "2026-12-31", its last day, UTC
};

/// SOP 1.5.
struct SecurityConfig {
  std::vector<std::string> dependencies = {};  ///< globs of reports
  std::vector<std::string> image = {};         ///< globs of reports about this image
  std::vector<std::string> secrets = {};       ///< folders and files that are scanned
  std::vector<AllowedSecret> secrets_allow = {};
  std::vector<std::string> tls = {};  ///< "host:port"
  int tls_days = 15;                  ///< decisions 25
};

namespace config {
struct Key;
/// The keys of `precheck.security`.
void add_precheck_security(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
