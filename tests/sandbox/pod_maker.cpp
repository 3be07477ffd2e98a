// Pods made of a template.
#include "tests/sandbox/pod_maker.h"

#include "common/core/digest.h"
#include "tests/sandbox/admission.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/deletion.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/recorder.h"

namespace baton::sandbox {
namespace {

const Kind& pod_kind() { return kind_named("Pod"); }

}  // namespace

bool is_pod_ready(const Json& pod) { return has_condition(pod, "Ready"); }

bool is_pod_available(const Json& pod, std::chrono::seconds needed, Time now) {
  for (const auto& condition : pod["status"]["conditions"].items_or_none()) {
    if (condition["type"] != Json("Ready") || condition["status"] != Json("True")) continue;
    return parse_rfc3339(condition["lastTransitionTime"].string()).value_or(now) + needed <= now;
  }
  return false;
}

std::chrono::seconds least_ready(const Json& owner) {
  return std::chrono::seconds(owner["spec"]["minReadySeconds"].integer_or(0));
}

std::string revision_of_template(const Json& owner) {
  return generated_letters(sha256_hex(to_text(sorted(owner["spec"]["template"]))), 10);
}

std::vector<Json> PodMaker::pods() const {
  auto pods = store_.list(pod_kind(), namespace_of(owner_)).items;
  std::erase_if(pods, [&](const Json& pod) { return controller_uid(pod) != uid_of(owner_); });
  return pods;
}

void PodMaker::make(const std::string& name, const Json& labels, const std::string& node) {
  const auto& pod_template = owner_["spec"]["template"];
  auto metadata = pod_template["metadata"];
  for (const auto& [key, value] : labels.members_or_none()) metadata["labels"][key] = value;
  metadata["name"] = name;
  metadata["namespace"] = namespace_of(owner_);
  metadata["ownerReferences"] = Json::array({controller_reference(owner_)});
  auto spec = pod_template["spec"];
  if (!node.empty()) spec["nodeName"] = node;
  auto pod = Json::object({{"metadata", std::move(metadata)}, {"spec", std::move(spec)}});
  admit(pod_kind(), {}, pod, network_);
  Recorder(store_, clock_, controller_).record(owner_, EventType::normal, "SuccessfulCreate", "Created pod: " + name);
  store_.create(pod_kind(), std::move(pod));
}

void PodMaker::end(const Json& pod) {
  Recorder(store_, clock_, controller_)
      .record(owner_, EventType::normal, "SuccessfulDelete", "Deleted pod: " + name_of(pod));
  terminate_pod(store_, key_of(pod_kind(), pod), grace_of(pod), clock_.now());
}

}  // namespace baton::sandbox
