// TLS as Baton wants it everywhere: verified, 1.2 at least, the host name checked by OpenSSL itself.
#pragma once

#include <string>

namespace baton {

struct TlsSettings {
  std::string ca_file = {};  ///< empty with ca_pem empty: the system's bundle ($SSL_CERT_FILE, then the usual paths)
  std::string ca_pem = {};
  std::string certificate_pem = {};  ///< client certificate chain
  std::string key_pem = {};
  std::string server_name = {};  ///< checked instead of the URL's host
  bool insecure = false;         ///< kubeconfig's insecure-skip-tls-verify; nothing else sets it
  bool operator==(const TlsSettings&) const = default;
};

/// The first CA bundle that exists of $SSL_CERT_FILE, /etc/ssl/certs/ca-certificates.crt,
/// /etc/pki/tls/certs/ca-bundle.crt, /etc/ssl/ca-bundle.pem, /etc/ssl/cert.pem; empty when none does.
std::string system_ca_file();

}  // namespace baton
