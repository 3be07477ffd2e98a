// Where the app is reached over TLS, as the configuration has it.
#pragma once

#include <string>
#include <vector>

#include "common/config/config.h"

namespace baton::precheck {

struct TlsEndpoint {
  std::string host;
  int port = 443;
  std::string key;  ///< that named it first: "precheck.security.tls"

  std::string text() const;  ///< "api.example.com:443", "[::1]:443"
};

/// Each once: precheck.security.tls, and the https URLs of switch.public and precheck.staging.url. Of precheck's
/// external services their own check asks. Throws Error{usage} on what is no "host:port".
std::vector<TlsEndpoint> tls_endpoints(const Config& config);

}  // namespace baton::precheck
