// The Lease as JSON.
#include "common/rollout/lease_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/intent.h"
#include "common/rollout/process_identity.h"

namespace baton::rollout {
namespace {

constexpr std::size_t kLedgerLength = 8;
constexpr std::size_t kRefusedLength = 20;

Json annotation_json(const Json& object, std::string_view key) {
  const auto* text = object["metadata"]["annotations"].find(key);
  return text == nullptr ? Json() : parse_json(text->string(), key);
}

LedgerEntry entry_from(const Json& json) {
  return {.id = json["id"].string_or(""),
          .version = json["version"].string_or(""),
          .digest = json["digest"].string_or(""),
          .steps = json["steps"].is_object() ? json["steps"] : Json::object(),
          .handoffs = json["handoffs"].is_object() ? json["handoffs"] : Json::object(),
          .proved_at = parse_rfc3339(json["proved_at"].string_or(""))};
}

Json entry_json(const LedgerEntry& entry) {
  auto json =
      Json::object({{"id", entry.id}, {"version", entry.version}, {"digest", entry.digest}, {"steps", entry.steps}});
  if (entry.handoffs.size() > 0) json["handoffs"] = entry.handoffs;
  if (entry.proved_at) json["proved_at"] = to_rfc3339(*entry.proved_at);
  return json;
}

void merge(LedgerEntry& into, const LedgerEntry& from) {
  if (!from.version.empty()) into.version = from.version;
  if (!from.digest.empty()) into.digest = from.digest;
  for (const auto& [step, state] : from.steps.members_or_none()) into.steps[step] = state;
  for (const auto& [step, digests] : from.handoffs.members_or_none()) into.handoffs[step] = digests;
  if (from.proved_at) into.proved_at = from.proved_at;
}

}  // namespace

LeaseRecord lease_record(const Json& lease) {
  LeaseRecord record;
  const auto& spec = lease["spec"];
  record.holder = spec["holderIdentity"].string_or("");
  if (const auto renewed = parse_rfc3339(spec["renewTime"].string_or(""))) {
    const auto seconds =
        std::clamp<std::int64_t>(spec["leaseDurationSeconds"].integer_or(kLeaseDuration.count()), 0, 3600);
    record.expires = *renewed + std::chrono::seconds(seconds);
  }
  record.move = move_in(lease);
  const auto ledger = annotation_json(lease, kLedgerAnnotation);
  for (const auto& entry : ledger.items_or_none()) record.ledger.push_back(entry_from(entry));
  const auto refused = annotation_json(lease, kRefusedAnnotation);
  for (const auto& digest : refused.items_or_none()) record.refused.push_back(digest.string());
  return record;
}

std::string micro_time(Time time) {
  const auto text = to_rfc3339(time);
  return text.substr(0, 19) + (text.size() > 20 ? text.substr(19, 4) + "000Z" : ".000000Z");
}

Json claimed(const Json& lease, std::string_view name, std::string_view holder, Time now) {
  auto object = lease;
  if (object.is_null()) {
    object = Json::object(
        {{"apiVersion", "coordination.k8s.io/v1"}, {"kind", "Lease"}, {"metadata", Json::object({{"name", name}})}});
  }
  if (!object["metadata"]["annotations"].is_object()) object["metadata"]["annotations"] = Json::object();
  object["metadata"]["annotations"][kProcessAnnotation] = own_identity();
  const auto fencing = object["spec"]["leaseTransitions"].integer_or(0) + 1;
  object["spec"]["holderIdentity"] = holder;
  object["spec"]["leaseDurationSeconds"] = kLeaseDuration.count();
  object["spec"]["acquireTime"] = micro_time(now);
  object["spec"]["renewTime"] = micro_time(now);
  object["spec"]["leaseTransitions"] = fencing;
  return object;
}

std::string taker(const LeaseRecord& record, std::string_view id) {
  const auto last = record.ledger.empty() ? LedgerEntry{} : record.ledger.back();
  const auto taken_by = record.holder.empty() ? last.id : id_of_holder(record.holder);
  if (taken_by.empty()) return "somebody else";
  if (taken_by == id) return "another run of this deployment";
  const auto version = taken_by == last.id && !last.version.empty() ? " of " + last.version : std::string();
  return fmt::format("deployment '{}'{}", taken_by, version);
}

std::string id_of_holder(std::string_view holder) { return std::string(holder.substr(0, holder.rfind('/'))); }

std::string ledger_text(std::span<const LedgerEntry> ledger) {
  if (ledger.size() > kLedgerLength) ledger = ledger.last(kLedgerLength);
  return to_text(json_list(ledger, entry_json));
}

std::string ledger_with(const std::vector<LedgerEntry>& ledger, const LedgerEntry& entry) {
  auto entries = ledger;
  auto own = std::ranges::find(entries, entry.id, &LedgerEntry::id);
  if (own == entries.end()) own = entries.insert(entries.end(), LedgerEntry{.id = entry.id});
  merge(*own, entry);
  return ledger_text(entries);
}

std::string refused_without(std::vector<std::string> refused, const std::string& digest) {
  std::erase(refused, digest);
  return to_text(json_list(refused));
}

std::string refused_with(std::vector<std::string> refused, const std::string& digest) {
  std::erase(refused, digest);
  refused.push_back(digest);
  if (refused.size() > kRefusedLength) refused.erase(refused.begin());
  return to_text(json_list(refused));
}

}  // namespace baton::rollout
