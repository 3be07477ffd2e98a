// Which handoff a step asks for, and reading it in the contract's order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/config/loaded.h"
#include "common/step/invocation.h"
#include "common/step/snapshot.h"

namespace baton {

/// The step whose file this run reads: the one before; precheck for switch without a database; for finalize, and for a
/// standalone step, the last one that left a file. Empty: none is asked for.
std::string previous_step(const Invocation& invocation, const Snapshot& found);
/// Throws Error{handoff}, first failure first; Error{usage} on a bad key in `signing.trust`. Needs env.release and
/// env.identity.
Previous read_previous_step(Invocation& invocation, const Snapshot& found, const std::string& previous);
/// Of `signing.trust`: paths, PEM texts and OpenSSH lines.
std::vector<TrustKey> trusted_keys(const LoadedConfig& loaded);
/// `--handoff-sha256`, else BATON_<PREVIOUS>_HANDOFF_SHA256; empty when neither is given.
std::string digest_by_other_channel(const Invocation& invocation, const std::string& previous);

}  // namespace baton
