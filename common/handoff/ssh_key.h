// OpenSSH's public key form, read and written without ssh: length-prefixed strings in base64.
#pragma once

#include <string>
#include <string_view>

namespace baton {

enum class KeyKind { ed25519, ecdsa_p256 };

/// A public key as plain bytes: 32 of Ed25519; 65 of P-256, the uncompressed point.
struct PublicPoint {
  KeyKind kind = KeyKind::ed25519;
  std::string bytes;
};

/// "ssh-ed25519 AAAA… comment" or "ecdsa-sha2-nistp256 AAAA…". Throws Error{usage} naming `name`.
PublicPoint parse_ssh_line(std::string_view line, std::string_view name);
/// "SHA256:…", as `ssh-keygen -l` prints it.
std::string ssh_fingerprint(const PublicPoint& point);

}  // namespace baton
