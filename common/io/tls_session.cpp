// Sessions out of OpenSSL's hands and back into them.
#include "common/io/tls_session.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace baton {
namespace {

// What was verified is looked at again at least this often.
constexpr Duration kLongestLife = std::chrono::minutes(10);

/// Poco frees a session through this type, and lets nobody else make one.
class OwnSession final : public Poco::Net::Session {
 public:
  explicit OwnSession(SSL_SESSION* session) : Session(session) {}
};

bool certificate_still_holds(SSL_SESSION* session) {
  const X509* certificate = SSL_SESSION_get0_peer(session);
  return certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

}  // namespace

void TlsSession::listen_to(SSL_CTX* context) {
  SSL_CTX_set_app_data(context, this);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, take);
}

int TlsSession::take(SSL* connection, SSL_SESSION* session) {
  // One that came of a resumed handshake would pass on, without end, what was verified once.
  if (SSL_session_reused(connection) == 1) return 0;
  auto* const own = static_cast<TlsSession*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
  // A copy: OpenSSL marks the connection's own as spoilt when the connection ends without a goodbye.
  const std::shared_ptr<SSL_SESSION> copy(SSL_SESSION_dup(session), SSL_SESSION_free);
  const std::lock_guard lock(own->mutex_);
  own->last_ = copy;
  own->verified_at_ = own->clock_.monotonic();
  return 0;
}

Poco::Net::Session::Ptr TlsSession::copy() {
  const std::lock_guard lock(mutex_);
  if (!last_) return {};
  if (clock_.monotonic() - verified_at_ > kLongestLife || !certificate_still_holds(last_.get())) last_.reset();
  return last_ ? new OwnSession(SSL_SESSION_dup(last_.get())) : nullptr;
}

void TlsSession::forget() {
  const std::lock_guard lock(mutex_);
  last_.reset();
}

}  // namespace baton
