// Signatures: one DSSE envelope over the exact bytes, in a sigstore bundle v0.3.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace baton {

/// A public key the user trusts, for one step or for all.
struct TrustKey {
  std::string step = {};  ///< empty: every step
  std::string pem;        ///< SPKI PEM
  std::string name;       ///< where it came from, for messages
};

/// SPKI PEM or one OpenSSH line ("ssh-ed25519 …", "ecdsa-sha2-nistp256 …"), told apart by content. Throws Error{usage}.
TrustKey parse_trust_key(std::string_view text, std::string_view name, std::string_view step = {});
/// "SHA256:…", as `ssh-keygen -l` prints it. Takes SPKI PEM.
std::string ssh_fingerprint(std::string_view public_pem);

/// An unencrypted PKCS#8 private key, Ed25519 or ECDSA P-256. Throws Error{usage}, never with the key in its text.
class SigningKey {
 public:
  explicit SigningKey(std::string_view pem);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  std::string public_pem() const;
  /// The raw signature over exactly these bytes: 64 bytes of Ed25519, DER of ECDSA with SHA-256.
  std::string sign(std::string_view message) const;
  /// The bundle's JSON for `payload` of type application/vnd.in-toto+json.
  std::string sign_bundle(std::string_view payload) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
};

/// Whether `signature` is that of `public_pem`'s owner over exactly these bytes.
bool is_signed_by(std::string_view public_pem, std::string_view message, std::string_view signature);

/// The name of the key that signed exactly these bytes. Throws Error{handoff}: unreadable bundle, other bytes, no
/// trusted key.
std::string verify_bundle(std::string_view bundle, std::string_view payload, const std::vector<TrustKey>& trust,
                          std::string_view step);

}  // namespace baton
