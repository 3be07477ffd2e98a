// Read, add, patch, again.
#include "common/rollout/change.h"

#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"

namespace baton::rollout {

bool change(Context& context, const Lease& lease, const kube::Resource& resource, const std::string& name,
            const Changes& add) {
  return until_not_lost([&] {
    const auto object = context.kube.find(resource, name, context.stop);
    if (!object) return false;
    auto operations = guarded(*object);
    const auto guards = operations.size();
    add(operations, *object);
    if (operations.size() == guards) return true;
    lease.confirm();
    context.kube.json_patch(resource, name, operations, context.stop);
    return true;
  });
}

}  // namespace baton::rollout
