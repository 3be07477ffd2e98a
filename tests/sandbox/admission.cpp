// Defaults and refusals, one function a kind.
#include "tests/sandbox/admission.h"

#include <algorithm>
#include <array>
#include <string>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

struct Subject {
  const Kind& kind;
  const Json& before;
  Json& object;
  Network& network;
};

[[noreturn]] void refuse(const Subject& subject, const std::string& field, const std::string& why) {
  throw invalid(std::string(subject.kind.name) + (subject.kind.group.empty() ? "" : ".") +
                std::string(subject.kind.group) + " \"" + name_of(subject.object) + "\" is invalid: " + field + ": " +
                why);
}

/// By value: what is given may lie in the object itself, which grows here.
void set_default(Json& object, std::string_view key, Json value) {
  if (std::as_const(object)[key].is_null()) object[key] = std::move(value);
}

void require_name(const Subject& subject) {
  const auto name = std::as_const(subject.object)["metadata"]["name"].string_or("");
  const bool is_dns = !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
  });
  if (!is_dns) refuse(subject, "metadata.name", "Invalid value: \"" + name + "\": a lowercase RFC 1123 name is wanted");
}

void admit_pod_spec(const Subject& subject, Json& spec) {
  const auto& containers = std::as_const(spec)["containers"];
  if (containers.items_or_none().empty()) refuse(subject, "spec.containers", "Required value");
  set_default(spec, "restartPolicy", "Always");
  set_default(spec, "terminationGracePeriodSeconds", 30);
  set_default(spec, "dnsPolicy", "ClusterFirst");
  set_default(spec, "securityContext", Json::object());
  set_default(spec, "schedulerName", "default-scheduler");
  for (auto& container : spec["containers"].items()) {
    if (std::as_const(container)["image"].string_or("").empty())
      refuse(subject, "spec.containers[0].image", "Required value");
    set_default(container, "resources", Json::object());
    set_default(container, "imagePullPolicy", "IfNotPresent");
    set_default(container, "terminationMessagePath", "/dev/termination-log");
    set_default(container, "terminationMessagePolicy", "File");
    if (std::as_const(container)["ports"].is_null()) continue;
    for (auto& port : container["ports"].items()) set_default(port, "protocol", "TCP");
  }
}

void admit_pod(const Subject& subject) {
  admit_pod_spec(subject, subject.object["spec"]);
  set_default(subject.object, "status", Json::object({{"phase", "Pending"}, {"qosClass", "Burstable"}}));
}

void admit_template(const Subject& subject) {
  auto& spec = subject.object["spec"];
  const auto& selector = std::as_const(spec)["selector"];
  if (!selector.is_object() || selector.members().empty()) refuse(subject, "spec.selector", "Required value");
  if (!matches(selector, std::as_const(spec)["template"]["metadata"]["labels"]))
    refuse(subject, "spec.template.metadata.labels", "`selector` does not match template `labels`");
  if (!subject.before.is_null() && !is_same(subject.before["spec"]["selector"], selector))
    refuse(subject, "spec.selector", "field is immutable");
  admit_pod_spec(subject, spec["template"]["spec"]);
  if (std::as_const(spec)["template"]["metadata"]["creationTimestamp"].is_null())
    spec["template"]["metadata"].erase("creationTimestamp");
}

void admit_workload(const Subject& subject) {
  auto& spec = subject.object["spec"];
  set_default(spec, "replicas", 1);
  if (std::as_const(spec)["replicas"].integer() < 0)
    refuse(subject, "spec.replicas", "must be greater than or equal to 0");
  admit_template(subject);
}

void admit_stateful_set(const Subject& subject) {
  admit_workload(subject);
  auto& spec = subject.object["spec"];
  set_default(spec, "podManagementPolicy", "OrderedReady");
  auto& strategy = spec["updateStrategy"];
  set_default(strategy, "type", "RollingUpdate");
  if (std::as_const(strategy)["type"] == Json("RollingUpdate")) set_default(strategy["rollingUpdate"], "partition", 0);
  if (subject.before.is_null()) return;
  constexpr std::array kFree = {"replicas", "template", "updateStrategy", "minReadySeconds", "selector"};
  for (const auto& [key, value] : std::as_const(spec).members()) {
    if (std::ranges::find(kFree, key) == kFree.end() && !is_same(value, subject.before["spec"][key]))
      refuse(subject, "spec",
             "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', "
             "'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and "
             "'minReadySeconds' are forbidden");
  }
}

void admit_daemon_set(const Subject& subject) {
  admit_template(subject);
  auto& strategy = subject.object["spec"]["updateStrategy"];
  set_default(strategy, "type", "RollingUpdate");
  if (std::as_const(strategy)["type"] != Json("RollingUpdate")) return;
  set_default(strategy["rollingUpdate"], "maxSurge", 0);
  set_default(strategy["rollingUpdate"], "maxUnavailable", 1);
}

void admit_deployment(const Subject& subject) {
  admit_workload(subject);
  auto& spec = subject.object["spec"];
  set_default(spec, "progressDeadlineSeconds", 600);
  set_default(spec, "revisionHistoryLimit", 10);
  auto& strategy = spec["strategy"];
  set_default(strategy, "type", "RollingUpdate");
  if (std::as_const(strategy)["type"] != Json("RollingUpdate")) return;
  set_default(strategy["rollingUpdate"], "maxSurge", "25%");
  set_default(strategy["rollingUpdate"], "maxUnavailable", "25%");
}

void give_cluster_ip(const Subject& subject) {
  auto& spec = subject.object["spec"];
  const auto wanted = std::as_const(spec)["clusterIP"].string_or("");
  const auto had = subject.before["spec"]["clusterIP"].string_or("");
  if (wanted == "None") return;
  if (!had.empty() && !wanted.empty() && wanted != had) refuse(subject, "spec.clusterIP", "field is immutable");
  if (had.empty() && !wanted.empty() && !subject.network.take_service_address(wanted))
    refuse(subject, "spec.clusterIP", "\"" + wanted + "\" is not free in the sandbox's network for Services");
  spec["clusterIP"] = !had.empty() ? had : !wanted.empty() ? wanted : subject.network.new_service_address();
  spec["clusterIPs"] = Json::array({spec["clusterIP"]});
}

void admit_service(const Subject& subject) {
  auto& spec = subject.object["spec"];
  set_default(spec, "type", "ClusterIP");
  set_default(spec, "sessionAffinity", "None");
  set_default(spec, "internalTrafficPolicy", "Cluster");
  set_default(spec, "ipFamilies", Json::array({"IPv4"}));
  set_default(spec, "ipFamilyPolicy", "SingleStack");
  const bool needs_ports = std::as_const(spec)["clusterIP"] != Json("None");
  if (needs_ports && std::as_const(spec)["ports"].items_or_none().empty())
    refuse(subject, "spec.ports", "Required value");
  set_default(spec, "ports", Json::array());
  for (auto& port : spec["ports"].items()) {
    set_default(port, "protocol", "TCP");
    set_default(port, "targetPort", std::as_const(port)["port"]);
  }
  set_default(subject.object, "status", Json::object({{"loadBalancer", Json::object()}}));
  give_cluster_ip(subject);
}

/// MicroTime is read with exactly six digits behind the point; a client that sends others gets 400.
void admit_lease(const Subject& subject) {
  for (const auto* key : {"acquireTime", "renewTime"}) {
    const auto time = std::as_const(subject.object)["spec"][key].string_or("");
    const auto point = time.find('.');
    if (!time.empty() && (point == std::string::npos || time.find_first_not_of("0123456789", point + 1) != point + 7))
      throw bad_request("Lease in version \"v1\" cannot be handled as a Lease: parsing time \"" + time + "\"");
  }
}

void admit_config_map(const Subject& subject) {
  if (!subject.before["immutable"].boolean_or(false)) return;
  for (const auto* key : {"immutable", "data", "binaryData"}) {
    if (!is_same(subject.before[key], std::as_const(subject.object)[key]))
      refuse(subject, key, "field is immutable when `immutable` is set");
  }
}

struct Admission {
  std::string_view kind;
  void (*admit)(const Subject&);
};
constexpr std::array kAdmissions = {
    Admission{"Pod", admit_pod},
    Admission{"ReplicaSet", admit_workload},
    Admission{"Deployment", admit_deployment},
    Admission{"StatefulSet", admit_stateful_set},
    Admission{"DaemonSet", admit_daemon_set},
    Admission{"Service", admit_service},
    Admission{"Lease", admit_lease},
    Admission{"ConfigMap", admit_config_map},
};

}  // namespace

void admit(const Kind& kind, const Json& before, Json& object, Network& network) {
  const Subject subject{.kind = kind, .before = before, .object = object, .network = network};
  require_name(subject);
  const auto* found = std::ranges::find(kAdmissions, kind.name, &Admission::kind);
  if (found != kAdmissions.end()) found->admit(subject);
}

void release(const Kind& kind, const Json& object, Network& network) {
  if (kind.name == "Service") network.give_back(object["spec"]["clusterIP"].string_or(""));
}

}  // namespace baton::sandbox
