// Certificates as OpenSSL reads them.
#include "common/io/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

namespace baton {

std::optional<Time> certificate_end(const std::string& pem) {
  if (pem.empty()) return std::nullopt;
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), X509_free);
  int days = 0;
  int seconds = 0;
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> epoch(ASN1_TIME_set(nullptr, 0), ASN1_TIME_free);
  const bool is_read =
      certificate && ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate.get())) == 1;
  ERR_clear_error();  // it would pass for the next connection's
  if (!is_read) return std::nullopt;
  return Time(std::chrono::days(days) + std::chrono::seconds(seconds));
}

}  // namespace baton
