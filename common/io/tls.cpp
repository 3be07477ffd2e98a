// Where a system keeps the authorities it trusts.
#include "common/io/tls.h"

#include <array>
#include <cstdlib>
#include <filesystem>

namespace baton {
namespace {

constexpr std::array kBundles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                 "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

}  // namespace

std::string system_ca_file() {
  if (const char* chosen = std::getenv("SSL_CERT_FILE"); chosen != nullptr && *chosen != '\0') return chosen;
  for (const char* bundle : kBundles) {
    std::error_code error;
    if (std::filesystem::exists(bundle, error)) return bundle;
  }
  return {};
}

}  // namespace baton
