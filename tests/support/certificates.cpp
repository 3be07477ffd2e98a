// A certificate authority in memory.
#include "tests/support/certificates.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <stdexcept>

namespace baton::test {
namespace {

constexpr long kSecondsOfDay = 24L * 60 * 60;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(const Bio& bio) {
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(length)};
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio);
}

void extend(X509* certificate, int what, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  if (extension == nullptr) throw std::runtime_error("OpenSSL refuses the extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Everything but extensions and signature.
Certificate blank(EVP_PKEY* key, const char* common_name, int from_days, int until_days) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * kSecondsOfDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * kSecondsOfDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
  return certificate;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

}  // namespace

struct Authority::Keys {
  Key key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  Certificate certificate{blank(key.get(), "test authority", -1, 30)};
};

Authority::Authority() : keys_(std::make_unique<Keys>()) {
  X509* own = keys_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, NID_basic_constraints, "critical,CA:TRUE");
  extend(own, NID_key_usage, "critical,keyCertSign");
  extend(own, NID_subject_key_identifier, "hash");
  X509_sign(own, keys_->key.get(), EVP_sha256());
  certificate_pem_ = pem_of(own);
}

Authority::~Authority() = default;

Identity Authority::issue(const Subject& subject) const {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate leaf = blank(key.get(), subject.common_name.c_str(), subject.from_days, subject.until_days);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(keys_->certificate.get()));
  extend(leaf.get(), NID_basic_constraints, "CA:FALSE");
  if (!subject.names.empty()) extend(leaf.get(), NID_subject_alt_name, joined(subject.names));
  X509_sign(leaf.get(), keys_->key.get(), EVP_sha256());
  return {.certificate_pem = pem_of(leaf.get()), .key_pem = pem_of(key.get())};
}

}  // namespace baton::test
