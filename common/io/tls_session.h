// The last TLS session with an origin, for its next connections to resume.
#pragma once

#include <Poco/Net/Session.h>
#include <openssl/types.h>

#include <memory>
#include <mutex>

#include "common/core/time.h"
#include "common/io/clock.h"

namespace baton {

/// Safe to use from several threads.
class TlsSession {
 public:
  /// From here on takes the sessions of this context's connections, which must not outlive it.
  void listen_to(SSL_CTX* context);
  /// A copy of its own for one connection; nullptr when there is none whose certificate was seen lately and still
  /// holds: a resumed handshake shows none that could be verified.
  Poco::Net::Session::Ptr copy();
  void forget();

 private:
  static int take(SSL* connection, SSL_SESSION* session);

  SystemClock clock_;
  std::mutex mutex_;
  std::shared_ptr<SSL_SESSION> last_;
  Duration verified_at_{0};
};

}  // namespace baton
