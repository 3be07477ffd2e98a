// Service and Lease, asked for what was recorded last.
#include "common/rollout/recorded_move.h"

#include "common/rollout/intent.h"
#include "common/rollout/lease_record.h"

namespace baton::rollout {
namespace {

std::string version_of(const std::optional<Json>& object) {
  return object ? (*object)["metadata"]["resourceVersion"].string_or("") : "absent";
}

}  // namespace

MoveRecord read_move_record(Context& context) {
  MoveRecord record{.service = context.kube.find(kube::kServices, service_name(context.config), context.stop)};
  const auto lease = context.kube.find(kube::kLeases, lease_name(context), context.stop);
  if (lease) record.lease = lease_record(*lease);
  record.move = further(record.service ? move_in(*record.service) : std::nullopt, record.lease.move);
  record.versions = version_of(record.service) + " " + version_of(lease);
  return record;
}

std::optional<Move> recorded_move(Context& context) { return read_move_record(context).move; }

}  // namespace baton::rollout
