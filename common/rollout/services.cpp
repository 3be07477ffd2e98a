// Selectors of the other Services, by compare-and-swap.
#include "common/rollout/services.h"

#include "common/rollout/change.h"
#include "common/rollout/intent.h"

namespace baton::rollout {
namespace {

Labels pointed(const Json& service, const Move& move, const std::string& colour) {
  const auto now = labels_from(service["spec"]["selector"]);
  return colour.empty() ? without(now, move.label) : with(now, move.label, colour);
}

template <class Take>
void each_service(Context& context, const Move& move, Take take) {
  for (const auto& name : move.services) {
    if (const auto service = context.kube.find(kube::kServices, name, context.stop)) take(name, *service);
  }
}

void point(Context& context, const Lease& lease, const Move& move, const std::string& name, const std::string& colour) {
  change(context, lease, kube::kServices, name, [&](Json& operations, const Json& service) {
    const auto to = pointed(service, move, colour);
    if (to == labels_from(service["spec"]["selector"])) return;
    operations.push_back(operation("replace", "/spec/selector", to_json(to)));
  });
}

}  // namespace

void point_services(Context& context, const Lease& lease, const Move& move, const std::string& colour) {
  for (const auto& name : move.services) point(context, lease, move, name, colour);
}

std::vector<std::string> services_there(Context& context, const Move& move) {
  std::vector<std::string> names;
  each_service(context, move, [&](const std::string& name, const Json& /*service*/) { names.push_back(name); });
  return names;
}

void call_services_back(Context& context, const Lease& lease, const Move& move) {
  each_service(context, move, [&](const std::string& name, const Json& service) {
    if (service["spec"]["selector"][move.label] == Json(move.colour))
      point(context, lease, move, name, move.previous_colour);
  });
}

std::vector<std::string> services_of(Context& context, const Move& move, const std::string& colour) {
  std::vector<std::string> names;
  each_service(context, move, [&](const std::string& name, const Json& service) {
    const auto& value = service["spec"]["selector"][move.label];
    if (value.is_null() || value == Json(colour)) names.push_back(name);
  });
  return names;
}

std::vector<std::string> services_astray(Context& context, const Move& move, const std::string& colour) {
  std::vector<std::string> names;
  each_service(context, move, [&](const std::string& name, const Json& service) {
    if (service["spec"]["selector"] != to_json(pointed(service, move, colour))) names.push_back(name);
  });
  return names;
}

}  // namespace baton::rollout
