// OpenSSL's side of TLS: trust, client certificates, the expected host, and the reason of a refusal.
#include "common/io/tls_context.h"

#include <Poco/Net/NetSSL.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "common/core/error.h"

namespace baton {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// More origins than a step talks to; beyond it the oldest is made anew when it is wanted again.
constexpr std::size_t kMostContexts = 64;

std::optional<TlsRefusal>& refusal() {
  thread_local std::optional<TlsRefusal> last;
  return last;
}

struct Remedy {
  int error;
  const char* hint;
};
constexpr std::array kRemedies = {
    Remedy{X509_V_ERR_HOSTNAME_MISMATCH, "Use a name that the certificate carries, or renew it with this one."},
    Remedy{X509_V_ERR_IP_ADDRESS_MISMATCH, "Use an address or name that the certificate carries."},
    Remedy{X509_V_ERR_CERT_HAS_EXPIRED, "Renew the server's certificate."},
    Remedy{X509_V_ERR_CERT_NOT_YET_VALID, "Check the clocks here and there."},
};

std::string hint_for(int error) {
  for (const Remedy& remedy : kRemedies) {
    if (remedy.error == error) return remedy.hint;
  }
  const std::string how = "Name the CA that signed it (ca, certificate-authority, or SSL_CERT_FILE)";
  return how + (system_ca_file().empty() ? ": this machine has no CA bundle." : ".");
}

Bio reader(const std::string& pem) { return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free}; }

[[noreturn]] void unusable(const std::string& what, const std::string& hint) {
  ERR_clear_error();
  throw Error(ExitCode::usage, what, hint);
}

void set_client_certificate(SSL_CTX* context, const TlsSettings& settings) {
  if (settings.certificate_pem.empty()) return;
  const Bio chain = reader(settings.certificate_pem);
  const Certificate leaf{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr), X509_free};
  const Bio key_text = reader(settings.key_pem);
  // Without an answer of ours OpenSSL would ask the terminal for the pass phrase of an encrypted key.
  const auto no_phrase = [](char*, int, int, void*) { return -1; };
  const Key key{PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_phrase, nullptr), EVP_PKEY_free};
  if (!leaf || !key || SSL_CTX_use_certificate(context, leaf.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    unusable("the client certificate and its key do not form a usable pair",
             "Correct the client certificate and key; both are PEM, the key without a pass phrase.");
  }
  while (Certificate link{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr), X509_free}) {
    if (SSL_CTX_add_extra_chain_cert(context, link.get()) == 1) static_cast<void>(link.release());
  }
  ERR_clear_error();
}

void expect_host(SSL_CTX* context, const std::string& host) {
  // OpenSSL takes an empty name for none, and then checks none.
  if (host.empty()) unusable("the host's name is empty", "Write the name that the certificate carries.");
  X509_VERIFY_PARAM* parameters = SSL_CTX_get0_param(context);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  // A certificate without names of hosts is for none: what its subject is called says nothing of where it may stand.
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) != 1)
    unusable("the host's name cannot be checked", "Write the name that the certificate carries.");
}

int verify_and_remember(X509_STORE_CTX* chain, void* /*unused*/) {
  const int verified = X509_verify_cert(chain);
  const int error = X509_STORE_CTX_get_error(chain);
  if (verified != 1) refusal() = TlsRefusal{.reason = X509_verify_cert_error_string(error), .hint = hint_for(error)};
  return verified;
}

void set_verification(SSL_CTX* context, const TlsSettings& settings, const std::string& host) {
  if (settings.insecure) return;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_and_remember, nullptr);
  expect_host(context, expected_name(settings, host));
}

}  // namespace

std::string expected_name(const TlsSettings& settings, const std::string& host) {
  std::string name = settings.server_name.empty() ? host : settings.server_name;
  // The dot that ends a name for the resolver stands in no certificate.
  if (name.ends_with('.')) name.pop_back();
  return name;
}

// Poco's own host check stays off: it knows neither address SANs nor our server_name; OpenSSL's is stricter.
TlsContext::TlsContext(TrustStore trust)
    : Context(TLS_CLIENT_USE, "", "", "", VERIFY_NONE, 9, false, "DEFAULT"), trust_(std::move(trust)) {
  requireMinimumProtocol(PROTO_TLSV1_2);
  // A peer that closes without close_notify must not cost what it sent before; lengths are checked by the reader.
  SSL_CTX_set_options(sslContext(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set1_cert_store(sslContext(), trust_.get());
  session_.listen_to(sslContext());
}

TlsContext::Ptr make_tls_context(const TlsSettings& settings, const std::string& host) {
  static std::once_flag once;
  std::call_once(once, [] { Poco::Net::initializeSSL(); });
  TlsContext::Ptr context(new TlsContext(trust_of(settings)));
  set_client_certificate(context->sslContext(), settings);
  set_verification(context->sslContext(), settings, host);
  return context;
}

TlsContext::Ptr shared_tls_context(const TlsSettings& settings, const std::string& host, int port) {
  struct Known {
    TlsSettings settings;
    std::string host;
    int port = 0;
    TlsContext::Ptr context;
  };
  static std::mutex mutex;
  // Never destroyed: OpenSSL cleans up after itself before that.
  static auto& all = *new std::vector<Known>;
  const TrustStore trust = trust_of(settings);
  const std::lock_guard lock(mutex);
  const auto found = std::ranges::find_if(
      all, [&](const Known& known) { return known.port == port && known.host == host && known.settings == settings; });
  if (found != all.end() && found->context->trust() == trust) return found->context;
  TlsContext::Ptr context = make_tls_context(settings, host);
  if (found != all.end()) {
    found->context = context;
  } else {
    if (all.size() >= kMostContexts) all.erase(all.begin());
    all.push_back({.settings = settings, .host = host, .port = port, .context = context});
  }
  return context;
}

const std::optional<TlsRefusal>& last_tls_refusal() { return refusal(); }

void forget_tls_refusal() {
  refusal().reset();
  ERR_clear_error();
}

}  // namespace baton
