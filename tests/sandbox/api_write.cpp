// Creating, changing and deleting objects.
#include <algorithm>

#include "common/core/text.h"
#include "common/core/yaml.h"
#include "tests/sandbox/admission.h"
#include "tests/sandbox/api.h"
#include "tests/sandbox/budgets.h"
#include "tests/sandbox/deletion.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/patch.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

constexpr std::string_view kApply = "application/apply-patch+yaml";

Json body_of(const Call& call) {
  auto body = parse_json(call.question.body, "request");
  if (!body.is_object()) throw bad_request("the body is no object");
  return body;
}

void require_kind(const Call& call, const Json& object) {
  const auto kind = object["kind"].string_or(call.kind.name);
  const auto version = object["apiVersion"].string_or(api_version(call.kind));
  if (kind == call.kind.name && version == api_version(call.kind)) return;
  throw bad_request("the object provided is unrecognized (must be of type " + std::string(call.kind.name) +
                    "), it is " + version + " " + kind);
}

void place_in_namespace(const Call& call, Json& object) {
  const auto given = namespace_of(object);
  if (!given.empty() && given != call.ns)
    throw bad_request("the namespace of the provided object does not match the namespace sent on the request");
  if (call.kind.is_namespaced) object["metadata"]["namespace"] = call.ns;
}

/// What only the API server may say stays; a status is written through its subresource alone, and the rest never is
/// there.
Json guarded(const Call& call, const Json& before, Json after) {
  if (call.subresource == "status") {
    auto kept = before;
    kept["status"] = std::as_const(after)["status"];
    return kept;
  }
  auto& metadata = after["metadata"];
  for (const auto* key : {"uid", "creationTimestamp", "generation", "resourceVersion", "name", "namespace",
                          "deletionTimestamp", "deletionGracePeriodSeconds"}) {
    if (const auto* value = before["metadata"].find(key)) {
      metadata[key] = *value;
    } else {
      metadata.erase(key);
    }
  }
  if (call.kind.has_status && before.find("status") != nullptr) after["status"] = before["status"];
  after["apiVersion"] = before["apiVersion"];
  after["kind"] = before["kind"];
  return after;
}

/// A revision or a uid that a write names is a condition.
void require_conditions(const Call& call, const Json& before, const Json& after) {
  const auto plural = qualified_plural(call.kind);
  const auto& was = before["metadata"];
  const auto version = after["metadata"]["resourceVersion"].string_or("");
  if (!version.empty() && Json(version) != was["resourceVersion"]) {
    throw conflict(plural, call.name,
                   "the object has been modified; please apply your changes to the latest version and try again");
  }
  const auto uid = after["metadata"]["uid"].string_or("");
  if (!uid.empty() && Json(uid) != was["uid"]) {
    throw conflict(plural, call.name,
                   "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + was["uid"].string());
  }
  if (after["metadata"]["name"].string_or(call.name) != call.name)
    throw bad_request("the name of the object does not match the name on the URL");
}

Json patched(const Call& call, const Json& before) {
  const auto type = call.question.header("Content-Type");
  const auto patch = parse_json(call.question.body, "patch");
  if (type.starts_with("application/json-patch+json")) return json_patched(before, patch);
  if (type.starts_with("application/merge-patch+json")) return merge_patched(before, patch);
  if (type.starts_with("application/strategic-merge-patch+json")) return strategic_patched(before, patch);
  throw Refusal(415, "UnsupportedMediaType", "the body of the request was in an unknown format - \"" + type + "\"");
}

std::string generated_name(const Json& object) {
  const auto prefix = object["metadata"]["generateName"].string_or("");
  return prefix.empty() ? "" : prefix + std::to_string(std::hash<std::string>{}(to_text(object)) % 99991);
}

Json deleted_status(const Call& call) {
  return Json::object({{"kind", "Status"},
                       {"apiVersion", "v1"},
                       {"metadata", Json::object()},
                       {"status", "Success"},
                       {"details", Json::object({{"name", call.name}, {"kind", call.kind.plural}})}});
}

}  // namespace

Answer Api::create(const Call& call) const {
  if (!call.ns.empty()) store_.get({.kind = &kind_named("Namespace"), .ns = "", .name = call.ns});
  auto object = body_of(call);
  require_kind(call, object);
  place_in_namespace(call, object);
  if (std::as_const(object)["metadata"]["name"].is_null()) object["metadata"]["name"] = generated_name(object);
  object["metadata"].erase("resourceVersion");
  if (call.kind.has_status) object.erase("status");
  admit(call.kind, {}, object, network_);
  try {
    access_.require_policy(call, object);
    auto created = store_.create(call.kind, object, call.mode());
    if (call.mode() == Mode::dry_run) release(call.kind, object, network_);
    return answer_with(created, 201);
  } catch (const Refusal&) {
    release(call.kind, object, network_);
    throw;
  }
}

Json Api::rewrite(const Call& call, const std::function<Json(const Json&)>& change) const {
  return store_.update(
      call.key(),
      [&](Json& object) {
        auto after = change(object);
        require_kind(call, after);
        require_conditions(call, object, after);
        after = guarded(call, object, std::move(after));
        if (call.subresource.empty()) access_.require_policy(call, after);
        admit(call.kind, object, after, network_);
        object = std::move(after);
      },
      call.mode());
}

Answer Api::replace(const Call& call) const {
  auto wanted = body_of(call);
  place_in_namespace(call, wanted);
  return answer_with(rewrite(call, [&](const Json&) { return wanted; }));
}

Answer Api::patch(const Call& call) const {
  if (call.question.header("Content-Type").starts_with(kApply)) return apply(call);
  return answer_with(rewrite(call, [&](const Json& before) { return patched(call, before); }));
}

/// Creates, or merges. Whose field is whose is not remembered: nothing conflicts, and what a manager no longer names
/// stays.
Answer Api::apply(const Call& call) const {
  if (call.question.parameter("fieldManager").empty())
    throw bad_request(
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
  auto wanted = to_json(parse_yaml(call.question.body, "request"));
  require_kind(call, wanted);
  if (wanted["metadata"].find("managedFields") != nullptr) throw bad_request("metadata.managedFields must be nil");
  if (store_.find(call.key())) {
    return answer_with(rewrite(call, [&](const Json& before) { return strategic_patched(before, wanted); }));
  }
  wanted["metadata"]["name"] = call.name;
  Question creation = call.question;
  creation.body = to_text(wanted);
  return create({.question = creation, .kind = call.kind, .ns = call.ns, .name = "", .subresource = "", .rest = ""});
}

Json Api::remove_one(const Key& key, const Json& options, Mode mode) const {
  const auto object = store_.get(key);
  const auto wanted = options["preconditions"]["uid"].string_or(uid_of(object));
  if (wanted != uid_of(object)) {
    throw conflict(qualified_plural(*key.kind), key.name,
                   "Precondition failed: UID in precondition: " + wanted + ", UID in object meta: " + uid_of(object));
  }
  const auto& version = object["metadata"]["resourceVersion"];
  if (options["preconditions"]["resourceVersion"].string_or(version.string()) != version.string()) {
    throw conflict(qualified_plural(*key.kind), key.name,
                   "Precondition failed: the ResourceVersion in precondition is not the object's");
  }
  if (mode == Mode::dry_run) return object;
  const auto grace =
      options["gracePeriodSeconds"].integer_or(object["spec"]["terminationGracePeriodSeconds"].integer_or(30));
  if (key.kind->name == "Pod" && grace > 0) {
    return terminate_pod(store_, key, std::chrono::seconds(grace), clock_.now()).value_or(object);
  }
  if (options["propagationPolicy"] == Json("Orphan")) orphan_dependents(store_, uid_of(object));
  store_.remove(key);
  release(*key.kind, object, network_);
  return object;
}

Answer Api::remove(const Call& call) const {
  const auto options = trim(call.question.body).empty() ? Json::object() : body_of(call);
  const auto removed = remove_one(call.key(), options, call.mode());
  return answer_with(call.kind.name == "Pod" ? removed : deleted_status(call));
}

Answer Api::evict(const Call& call) const {
  require_evictable(store_, store_.get(call.key()));
  remove_one(call.key(), body_of(call)["deleteOptions"], call.mode());
  return answer_with(Json::object({{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Success"}}), 201);
}

Answer Api::scale(const Call& call) const {
  const auto scale_of = [](const Json& object) {
    return Json::object({{"kind", "Scale"},
                         {"apiVersion", "autoscaling/v1"},
                         {"metadata", object["metadata"]},
                         {"spec", Json::object({{"replicas", object["spec"]["replicas"]}})},
                         {"status", Json::object({{"replicas", object["status"]["replicas"].integer_or(0)}})}});
  };
  if (!call.kind.has_scale) throw not_served();
  if (call.question.method == "GET") return answer_with(scale_of(store_.get(call.key())));
  const auto after = rewrite(call, [&](const Json& before) {
    const auto wanted = call.question.method == "PUT" ? body_of(call) : patched(call, scale_of(before));
    auto object = before;
    object["spec"]["replicas"] = wanted["spec"]["replicas"].integer();
    if (const auto* version = wanted["metadata"].find("resourceVersion"))
      object["metadata"]["resourceVersion"] = *version;
    return object;
  });
  return answer_with(scale_of(after));
}

}  // namespace baton::sandbox
