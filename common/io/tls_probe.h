// What a TLS server shows of itself, trusted or not.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "common/core/time.h"
#include "common/io/tls.h"

namespace baton {

struct SeenCertificate {
  std::string subject;               ///< "CN=api.example.com", foreign text made printable
  std::string issuer;                ///< the same of who signed it
  std::vector<std::string> names{};  ///< "api.example.com", "10.0.0.1": those that it is good for
  Time from{};
  Time until{};
};

struct TlsPeer {
  std::vector<SeenCertificate> shown;  ///< what the server sent, its own first
  /// From the server's own to the authority that is trusted, or as far as that led.
  std::vector<SeenCertificate> chain;
  std::string refusal;  ///< why it is not trusted under that name at that time, in OpenSSL's words; empty: it is
};

struct TlsProbe {
  std::string host;
  int port = 443;
  TlsSettings tls = {};
  Duration limit = std::chrono::seconds(15);  ///< of connection and handshake together
  std::string origin = {};                    ///< which setting named it, for errors
};

/// A whole handshake, with the host's name said (SNI), in which every certificate is taken and then judged as of `now`.
/// Throws Error{unknown} when there is no handshake: "cannot reach 'https://h:443/': connection refused".
TlsPeer probe_tls(const TlsProbe& probe, Time now, std::stop_token stop);

}  // namespace baton
