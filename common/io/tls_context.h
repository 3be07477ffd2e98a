// From TlsSettings to the context of one host; only io's connections use it.
#pragma once

#include <Poco/Net/Context.h>

#include <optional>
#include <string>

#include "common/io/tls.h"
#include "common/io/tls_session.h"
#include "common/io/tls_trust.h"

namespace baton {

/// The name or address that the peer must prove to be: `settings.server_name`, else `host`.
std::string expected_name(const TlsSettings& settings, const std::string& host);

/// Whom to trust, what to show, which name to expect, and the last session of those who had all that in common.
class TlsContext final : public Poco::Net::Context {
 public:
  using Ptr = Poco::AutoPtr<TlsContext>;
  explicit TlsContext(TrustStore trust);
  const TrustStore& trust() const { return trust_; }
  TlsSession& session() { return session_; }

 private:
  TrustStore trust_;
  TlsSession session_;
};

/// OpenSSL itself checks the expected name while it verifies the chain: Poco's own check is skipped for names that
/// resolve to loopback and when the handshake outlasts a timeout. Throws Error{usage} on unusable certificates or keys.
TlsContext::Ptr make_tls_context(const TlsSettings& settings, const std::string& host);
/// The one that all connections of the process share which have equal settings, host and `port`, until the file of the
/// authorities changes. A session is therefore resumed only by whoever would have verified, and shown, the same to the
/// same server. Safe to use from several threads.
TlsContext::Ptr shared_tls_context(const TlsSettings& settings, const std::string& host, int port);

struct TlsRefusal {
  std::string reason;  ///< OpenSSL's
  std::string hint;
};
/// Why the last handshake of this thread did not verify; nothing when it did.
const std::optional<TlsRefusal>& last_tls_refusal();
/// Also of OpenSSL's own queue of errors, where one of another call would pass for this connection's.
void forget_tls_refusal();

}  // namespace baton
