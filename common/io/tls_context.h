// From TlsSettings to the context of one host; only io's connections use it.
#pragma once

#include <Poco/Net/Context.h>

#include <optional>
#include <string>

#include "common/io/tls.h"

namespace baton {

/// The name or address that the peer must prove to be: `settings.server_name`, else `host`.
std::string expected_name(const TlsSettings& settings, const std::string& host);

/// OpenSSL itself checks the expected name while it verifies the chain: Poco's own check is skipped for names that
/// resolve to loopback and when the handshake outlasts a timeout. Throws Error{usage} on unusable certificates or keys.
Poco::Net::Context::Ptr make_tls_context(const TlsSettings& settings, const std::string& host);

struct TlsRefusal {
  std::string reason;  ///< OpenSSL's
  std::string hint;
};
/// Why the last handshake of this thread did not verify; nothing when it did.
const std::optional<TlsRefusal>& last_tls_refusal();
/// Also of OpenSSL's own queue of errors, where one of another call would pass for this connection's.
void forget_tls_refusal();

}  // namespace baton
