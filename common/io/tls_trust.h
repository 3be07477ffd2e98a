// The authorities that TLS connections trust, read once and shared by the whole process.
#pragma once

#include <openssl/types.h>

#include <memory>

#include "common/io/tls.h"

namespace baton {

using TrustStore = std::shared_ptr<X509_STORE>;

/// What `settings` trust. Reading a system's bundle takes as long as twenty handshakes, so equal settings get the same
/// store, until their file changes. Safe to use from several threads. Throws Error{usage} on what holds no certificate.
TrustStore trust_of(const TlsSettings& settings);

}  // namespace baton
