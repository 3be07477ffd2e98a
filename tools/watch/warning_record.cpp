// Warnings as an annotation of the Lease.
#include "tools/watch/warning_record.h"

#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/lease.h"

namespace baton::watch {
namespace {

constexpr std::size_t kMost = 20;  // an object's annotations share 256 KiB

WarningRecord record_from(const Json& json) {
  WarningRecord record{.id = json["id"].string_or("")};
  for (const auto& item : json["warnings"].items_or_none()) {
    if (auto warning = warning_from(item)) record.warnings.push_back(std::move(*warning));
  }
  return record;
}

WarningRecord record_in(const Json& lease) {
  const auto* text = lease["metadata"]["annotations"].find(kWarningsAnnotation);
  if (text == nullptr) return {};
  try {
    return record_from(parse_json(text->string(), kWarningsAnnotation));
  } catch (const Error&) {
    return {};  // the store tells of every warning again, and no watch ends for what somebody wrote there
  }
}

std::string text_of(const WarningRecord& record) {
  const auto& all = record.warnings;
  const auto first = all.size() > kMost ? all.end() - kMost : all.begin();
  auto json = Json::object({{"id", record.id}, {"warnings", Json::array()}});
  for (auto warning = first; warning != all.end(); ++warning) json["warnings"].push_back(to_json(*warning));
  return to_text(json);
}

/// Nobody has switched under Baton's eyes yet: it holds nothing but this.
void create(rollout::Context& context, const std::string& text) {
  auto annotations = Json::object();
  annotations[kWarningsAnnotation] = text;
  context.kube.create(
      kube::kLeases,
      Json::object(
          {{"apiVersion", "coordination.k8s.io/v1"},
           {"kind", "Lease"},
           {"metadata", Json::object({{"name", rollout::lease_name(context)}, {"annotations", annotations}})}}),
      context.stop);
}

}  // namespace

WarningRecord read_warnings(rollout::Context& context) {
  const auto lease = context.kube.find(kube::kLeases, rollout::lease_name(context), context.stop);
  return record_in(lease.value_or(Json()));
}

WarningRecord change_warnings(rollout::Context& context, const std::function<void(WarningRecord&)>& change) {
  return rollout::until_not_lost([&] {
    const auto name = rollout::lease_name(context);
    const auto lease = context.kube.find(kube::kLeases, name, context.stop);
    auto record = record_in(lease.value_or(Json()));
    const auto before = text_of(record);
    change(record);
    const auto text = text_of(record);
    if (text == before) return record;
    if (!lease) {
      create(context, text);
      return record;
    }
    auto operations = rollout::guarded(*lease);
    rollout::add_annotation(operations, *lease, kWarningsAnnotation, text);
    context.kube.json_patch(kube::kLeases, name, operations, context.stop);
    return record;
  });
}

}  // namespace baton::watch
