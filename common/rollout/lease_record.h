// The Lease's JSON: who holds it until when, and what its annotations remember.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/rollout/lease.h"

namespace baton::rollout {

inline constexpr std::string_view kLedgerAnnotation = "baton/ledger";
inline constexpr std::string_view kRefusedAnnotation = "baton/refused-digests";
inline constexpr std::string_view kProcessAnnotation = "baton/holder-process";
/// On the colour that traffic goes back to: when the Lease was last taken from somebody.
inline constexpr std::string_view kFencedAnnotation = "baton/fenced-at";
inline constexpr std::chrono::seconds kLeaseDuration{30};
inline constexpr std::chrono::seconds kLeaseRenewal{10};

LeaseRecord lease_record(const Json& lease);
/// RFC 3339 with exactly six digits behind the point: the only form the API takes for a MicroTime.
std::string micro_time(Time time);
/// `lease` (null: a new one) held by `holder` from `now` on, its fencing count one higher.
Json claimed(const Json& lease, std::string_view name, std::string_view holder, Time now);
/// Who holds it or was the last to, in words; `id`: of who asks.
std::string taker(const LeaseRecord& record, std::string_view id);
/// The deployment id in "id/random".
std::string id_of_holder(std::string_view holder);

/// The last eight deployments, oldest first.
std::string ledger_text(std::span<const LedgerEntry> ledger);
/// The same with `entry` merged into its own.
std::string ledger_with(const std::vector<LedgerEntry>& ledger, const LedgerEntry& entry);
/// The last twenty refused digests, `digest` the newest of them.
std::string refused_with(std::vector<std::string> refused, const std::string& digest);
/// Those but `digest`.
std::string refused_without(std::vector<std::string> refused, const std::string& digest);

}  // namespace baton::rollout
