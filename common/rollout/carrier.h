// A deployment's handoffs on a ConfigMap of its own, for whoever goes on with it without files: a CronJob, a scheduled
// job.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"

namespace baton::rollout {

/// Bytes by their name in `--dir`: "switch.json", "switch.sigstore.json".
using Files = std::map<std::string, std::string, std::less<>>;

/// "baton-shop-20261127170246-1a2b3c4d"
std::string carrier_name(const Context& context, std::string_view id);

/// The latest deployment that is carried; nothing where none is.
std::optional<LedgerEntry> carried_deployment(const LeaseRecord& record);

enum class Carry {
  begin,   ///< makes the ConfigMap of a release that serves; what earlier deployments left is over and goes
  undone,  ///< the same of one that this run took back
  go_on,   ///< only where there is one
  finish,  ///< nobody goes on any more: it goes
};

/// Puts `files` there, their digests on the Lease first: whoever takes them up believes no others. `entry` holds the
/// deployment's id and the end states that the Lease is to remember. Of a deployment that the Lease does not know
/// nothing is carried; where it knows that the step of `entry` ended, one that says it goes on changes nothing. Throws
/// Error{unknown}, of more than a ConfigMap holds also.
void carry(Context& context, const LedgerEntry& entry, const Files& files, Carry how);

/// What is there of the deployment, each handoff with a digest that the Lease names. Throws Error{handoff} where it is
/// not there, altered or damaged.
Files take_carried(Context& context, const std::string& id);

}  // namespace baton::rollout
