// From TlsSettings to the context of one host; only io's connections use it.
#pragma once

#include <Poco/Net/Context.h>

#include <string>

#include "common/io/tls.h"

namespace baton {

/// OpenSSL itself checks `host` (a name or an address) while it verifies the chain: Poco's own check is skipped for
/// names that resolve to loopback and when the handshake outlasts a timeout. Throws Error{usage} on unusable
/// certificates or keys.
Poco::Net::Context::Ptr make_tls_context(const TlsSettings& settings, const std::string& host);

/// Why the last handshake of this thread did not verify; empty when it did.
const std::string& last_tls_failure();
void forget_tls_failure();

}  // namespace baton
