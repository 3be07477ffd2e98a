// Keys and raw signatures by OpenSSL; the bundle around them is bundle.cpp's.
#include "common/handoff/signature.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/handoff/ssh_key.h"

namespace baton {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Bio bio_of(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// An encrypted key must be refused, not asked for on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

bool is_p256(EVP_PKEY* key) {
  std::string group(64, '\0');
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) != 1) return false;
  return group.substr(0, length) == "prime256v1";
}

bool is_taken(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "ED25519") == 1 || (EVP_PKEY_is_a(key, "EC") == 1 && is_p256(key));
}

KeyPtr public_key(std::string_view pem) {
  const Bio bio = bio_of(pem);
  KeyPtr key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  return key != nullptr && is_taken(key.get()) ? std::move(key) : nullptr;
}

KeyPtr p256_from_point(std::string_view point) {
  std::string group = "P-256";
  std::string bytes(point);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters));
  }
  ERR_clear_error();
  return KeyPtr(key);
}

KeyPtr key_from_point(const PublicPoint& point) {
  if (point.kind == KeyKind::ecdsa_p256) return p256_from_point(point.bytes);
  return KeyPtr(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(std::string_view(point.bytes)), point.bytes.size()));
}

PublicPoint point_of(EVP_PKEY* key) {
  const bool is_ed25519 = EVP_PKEY_is_a(key, "ED25519") == 1;
  std::string bytes(is_ed25519 ? 32 : 65, '\0');
  std::size_t length = bytes.size();
  const int done = is_ed25519 ? EVP_PKEY_get_raw_public_key(key, raw(bytes), &length)
                              : EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, raw(bytes),
                                                                bytes.size(), &length);
  if (done != 1 || length != bytes.size()) throw Error(ExitCode::error, "cannot read a public key's bytes");
  return {is_ed25519 ? KeyKind::ed25519 : KeyKind::ecdsa_p256, bytes};
}

std::string der(char tag, const std::string& content) {
  return std::string{tag, static_cast<char>(content.size())} +
         content;  // less than 128 bytes: the size is one of its own
}

/// SPKI (RFC 8410, RFC 5480). Written here, since OpenSSL's writer of keys brings those of all kinds along.
std::string to_pem(EVP_PKEY* key) {
  const PublicPoint point = point_of(key);
  // Object identifiers with their tags: Ed25519; a key of elliptic curves, P-256.
  const std::string kind = point.kind == KeyKind::ed25519
                               ? "\x06\x03\x2b\x65\x70"
                               : "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
  const std::string info = der('\x30', der('\x30', kind) + der('\x03', '\0' + point.bytes));
  const Bio bio(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (PEM_write_bio(bio.get(), PEM_STRING_PUBLIC, "", raw(std::string_view(info)), static_cast<long>(info.size())) <= 0)
    throw Error(ExitCode::error, "cannot write a public key");
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

/// Ed25519 hashes by itself; ECDSA is told SHA-256.
const EVP_MD* digest_for(EVP_PKEY* key) { return EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256(); }

Error bad_trust(std::string_view name, const std::string& trouble) {
  return Error(ExitCode::usage, "the trusted key '" + std::string(name) + "' " + trouble,
               "Give SPKI PEM or one line as in an OpenSSH .pub file, Ed25519 or ECDSA P-256.");
}

}  // namespace

TrustKey parse_trust_key(std::string_view text, std::string_view name, std::string_view step) {
  const std::string_view trimmed = trim(text);
  TrustKey trusted{.step = std::string(step), .pem = {}, .name = std::string(name)};
  if (trimmed.find("PRIVATE KEY-----") != std::string_view::npos) throw bad_trust(name, "is a private key");
  const KeyPtr key =
      trimmed.starts_with("-----BEGIN") ? public_key(trimmed) : key_from_point(parse_ssh_line(trimmed, name));
  if (key == nullptr) throw bad_trust(name, "is no public key of Ed25519 or ECDSA P-256");
  trusted.pem = to_pem(key.get());
  return trusted;
}

std::string ssh_fingerprint(std::string_view public_pem) {
  const KeyPtr key = public_key(public_pem);
  if (key == nullptr) throw Error(ExitCode::usage, "the public key is neither Ed25519 nor ECDSA P-256");
  return ssh_fingerprint(point_of(key.get()));
}

bool is_signed_by(std::string_view public_pem, std::string_view message, std::string_view signature) {
  const KeyPtr key = public_key(public_pem);
  const DigestContext context(EVP_MD_CTX_new());
  const bool is_ready =
      key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest_for(key.get()), nullptr, key.get()) == 1;
  const bool is_good =
      is_ready && EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
  ERR_clear_error();
  return is_good;
}

struct SigningKey::Key {
  KeyPtr key;
};

SigningKey::SigningKey(std::string_view pem) : key_(std::make_unique<Key>()) {
  const Bio bio = bio_of(trim(pem));
  key_->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (key_->key == nullptr || !is_taken(key_->key.get())) {
    throw Error(ExitCode::usage, "signing.key is no unencrypted PKCS#8 key of Ed25519 or ECDSA P-256",
                "Make one with 'openssl genpkey -algorithm ed25519'.");
  }
}

SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

std::string SigningKey::public_pem() const { return to_pem(key_->key.get()); }

std::string SigningKey::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY* key = key_->key.get();
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t length = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, digest_for(key), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), raw(signature), &length, raw(message), message.size()) != 1) {
    throw Error(ExitCode::error, "cannot sign the handoff with signing.key");
  }
  signature.resize(length);
  return signature;
}

}  // namespace baton
