// A handshake that takes whatever it is shown, so that what is wrong with it can be told.
#include "common/io/tls_probe.h"

#include <Poco/Net/IPAddress.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "common/core/printable.h"
#include "common/io/address.h"
#include "common/io/broken_pipe.h"
#include "common/io/http/connect.h"
#include "common/io/http/no_answer.h"
#include "common/io/tls_context.h"

namespace baton {
namespace {

constexpr std::size_t kMaxNames = 100;
constexpr std::size_t kMaxText = 200;

using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

std::string one_line(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(text.get(), &bytes);
  return printable({bytes, static_cast<std::size_t>(std::max(length, 0L))}, kMaxText);
}

/// Far in the past where it is none: then nothing is valid.
Time time_of(const ASN1_TIME* time) {
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> epoch(ASN1_TIME_set(nullptr, 0), ASN1_TIME_free);
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return {};
  return Time(std::chrono::days(days) + std::chrono::seconds(seconds));
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string name_text(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) return printable(text_of(name->d.dNSName), kMaxText);
  if (name->type != GEN_IPADD) return {};
  const auto bytes = text_of(name->d.iPAddress);
  const bool is_address = bytes.size() == 4 || bytes.size() == 16;
  return is_address ? Poco::Net::IPAddress(bytes.data(), static_cast<poco_socklen_t>(bytes.size())).toString() : "";
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  std::vector<std::string> names;
  for (int at = 0; all && at < sk_GENERAL_NAME_num(all.get()) && names.size() < kMaxNames; ++at) {
    if (auto name = name_text(sk_GENERAL_NAME_value(all.get(), at)); !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

SeenCertificate seen(const X509* certificate) {
  return {.subject = one_line(X509_get_subject_name(certificate)),
          .issuer = one_line(X509_get_issuer_name(certificate)),
          .names = names_of(certificate),
          .from = time_of(X509_get0_notBefore(certificate)),
          .until = time_of(X509_get0_notAfter(certificate))};
}

std::vector<SeenCertificate> seen_all(const STACK_OF(X509) * certificates) {
  std::vector<SeenCertificate> all;
  for (int at = 0; at < sk_X509_num(certificates); ++at) all.push_back(seen(sk_X509_value(certificates, at)));
  return all;
}

/// Judges, writes down, and lets the handshake go on. OpenSSL is C: no exception may pass through it.
int judge_and_go_on(X509_STORE_CTX* judged, void* peer) noexcept {
  auto& seen_peer = *static_cast<TlsPeer*>(peer);
  if (X509_verify_cert(judged) != 1)
    seen_peer.refusal = X509_verify_cert_error_string(X509_STORE_CTX_get_error(judged));
  seen_peer.chain = seen_all(X509_STORE_CTX_get0_chain(judged));
  return 1;
}

void shake_hands(SSL* connection, int socket, const std::string& name) {
  // Addresses are no names to a TLS server (RFC 6066).
  const bool is_ready = connection != nullptr && SSL_set_fd(connection, socket) == 1 &&
                        (is_ip_address(name) || SSL_set_tlsext_host_name(connection, name.c_str()) == 1);
  if (is_ready && SSL_connect(connection) == 1) return;
  const auto* const reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();  // it would pass for the next connection's
  throw Unanswered({.reason = std::string("TLS handshake failed") + (reason ? std::string(": ") + reason : ""),
                    .hint = "Check that the port speaks TLS 1.2 or newer, and whether it wants a client certificate."});
}

TlsPeer look(const TlsProbe& probe, const Url& url, Time now, Watchdog& watchdog) {
  const HttpSettings settings{.connect_timeout = probe.limit, .tls = probe.tls};
  auto plain = url;
  plain.scheme = "http";
  auto socket = connect_route({.origin = plain, .proxy = {}, .settings = settings}, watchdog);
  watchdog.wait_begins();
  const auto context = make_tls_context(probe.tls, probe.host);
  TlsPeer peer;
  SSL_CTX_set_cert_verify_callback(context->sslContext(), judge_and_go_on, &peer);
  X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context->sslContext()),
                             std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  const Connection connection(SSL_new(context->sslContext()), SSL_free);
  shake_hands(connection.get(), socket.impl()->sockfd(), expected_name(probe.tls, probe.host));
  peer.shown = seen_all(SSL_get_peer_cert_chain(connection.get()));
  watchdog.wait_ends();
  watchdog.release();
  return peer;
}

}  // namespace

TlsPeer probe_tls(const TlsProbe& probe, Time now, std::stop_token stop) {
  const Url url{.scheme = "https", .host = probe.host, .port = probe.port};
  const auto text = "https://" + url.authority();
  ignore_broken_pipes();
  Watchdog watchdog(probe.limit, probe.limit, std::move(stop));
  try {
    return on_the_wire(text, watchdog, [&] { return look(probe, url, now, watchdog); });
  } catch (const Unanswered& failure) {
    throw to_error(failure.why(), text, probe.origin);
  }
}

}  // namespace baton
