// The verbs of the Kubernetes API that Baton needs.
#include "common/clients/kube/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/kube/call.h"
#include "common/clients/kube/client_state.h"
#include "common/clients/kube/credentials_end.h"
#include "common/clients/kube/list.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

constexpr int kNotFound = 404;
constexpr Resource kAccessReviews{"/apis/authorization.k8s.io/v1", "selfsubjectaccessreviews",
                                  "SelfSubjectAccessReview", false};

std::string api_version_of(const Resource& resource) {
  const std::vector<std::string> pieces = split(resource.prefix, '/');
  return join(std::span(pieces).subspan(2), "/");
}

/// What is served under a path that nobody knows is no absence of an object.
bool is_absent(const HttpResponse& answer) {
  if (answer.status != kNotFound) return false;
  const std::optional<Json> status = status_of(answer);
  return status && !(*status)["message"].string_or("").starts_with("the server could not find the requested resource");
}

/// How a write is told whose fields it sets, and whether it is meant.
std::string write_query(std::string_view more, Write write) {
  return fmt::format("fieldManager=baton{}{}", more, write == Write::dry_run ? "&dryRun=All" : "");
}

std::string body_of(const Resource& resource, Json object) {
  if (object.find("apiVersion") == nullptr) object["apiVersion"] = api_version_of(resource);
  if (object.find("kind") == nullptr) object["kind"] = resource.kind;
  return to_text(object);
}

std::string name_of(const Json& object) { return object["metadata"]["name"].string(); }

Call patch_call(const Resource& resource, std::string_view name, std::string_view content_type, const Json& patch) {
  return {.verb = "patch",
          .resource = resource,
          .name = std::string(name),
          .method = "PATCH",
          .content_type = std::string(content_type),
          .body = to_text(patch),
          .is_repeatable = false};
}

}  // namespace

Client::Client(Cluster cluster, Environment environment, Clock& clock, HttpSettings http)
    : state_(std::make_shared<State>(std::move(cluster), std::move(environment), clock, std::move(http))) {}

const std::string& Client::namespace_name() const { return state_->server.cluster().namespace_name; }

const std::string& Client::server() const { return state_->server.cluster().server; }

std::optional<Time> Client::credentials_end() const { return end_of(state_->server.cluster().credentials); }

bool is_blip(int status) { return status == 429 || status == 500 || (status >= 502 && status <= 504); }

std::optional<Json> Client::find(const Resource& resource, std::string_view name, std::stop_token stop) {
  if (name.empty()) return std::nullopt;  // it would be asked for all of them
  const Call call{.verb = "get", .resource = resource, .name = std::string(name)};
  const HttpResponse answer = send_call(state_->server, call, stop);
  if (is_absent(answer)) return std::nullopt;
  return object_in(answer, call, state_->server.cluster());
}

Json Client::get(const Resource& resource, std::string_view name, std::stop_token stop) {
  return ask(state_->server, {.verb = "get", .resource = resource, .name = std::string(name)}, stop);
}

std::vector<Json> Client::list(const Resource& resource, const Selection& selection, std::stop_token stop) {
  return list_pages(state_->server, resource, selection, /*in_all_namespaces=*/false, stop).items;
}

std::vector<Json> Client::list_if_served(const Resource& resource, std::stop_token stop) {
  try {
    return list(resource, {}, std::move(stop));
  } catch (const ApiError& error) {
    if (error.status() != 404) throw;
    return {};
  }
}

std::vector<Json> Client::list_all(const Resource& resource, const Selection& selection, std::stop_token stop) {
  return list_pages(state_->server, resource, selection, /*in_all_namespaces=*/true, stop).items;
}

void Client::visit(const Resource& resource, const Selection& selection, const ListVisitor& visitor,
                   std::stop_token stop) {
  visit_pages(state_->server, resource, selection, /*in_all_namespaces=*/false, visitor, stop);
}

Json Client::create(const Resource& resource, const Json& object, std::stop_token stop, Write write) {
  const Call call{.verb = "create",
                  .resource = resource,
                  .query = write_query("&fieldValidation=Strict", write),
                  .method = "POST",
                  .content_type = "application/json",
                  .body = body_of(resource, object),
                  .is_repeatable = false};
  return ask(state_->server, call, stop);
}

Json Client::replace(const Resource& resource, const Json& object, std::stop_token stop, Write write) {
  const Call call{.verb = "update",
                  .resource = resource,
                  .name = name_of(object),
                  .query = write_query("", write),
                  .method = "PUT",
                  .content_type = "application/json",
                  .body = body_of(resource, object),
                  .is_repeatable = false};
  return ask(state_->server, call, stop);
}

Json Client::apply(const Resource& resource, const Json& object, FieldsOfOthers others, std::stop_token stop,
                   Write write) {
  Json own = object;
  // An applied configuration must not claim what others manage; the API server refuses it otherwise.
  if (own.find("metadata") != nullptr) own["metadata"].erase("managedFields");
  const auto force = fmt::format("&fieldValidation=Strict&force={}", others == FieldsOfOthers::taken_over);
  const Call call{.verb = "patch",
                  .resource = resource,
                  .name = name_of(object),
                  .query = write_query(force, write),
                  .method = "PATCH",
                  .content_type = std::string(kApplyPatch),
                  .body = body_of(resource, std::move(own))};
  return ask(state_->server, call, stop);
}

Json Client::json_patch(const Resource& resource, std::string_view name, const Json& operations, std::stop_token stop) {
  Call call = patch_call(resource, name, kJsonPatch, operations);
  call.query = "fieldManager=baton";
  return ask(state_->server, call, stop);
}

Json Client::merge_patch(const Resource& resource, std::string_view name, const Json& patch, std::stop_token stop) {
  Call call = patch_call(resource, name, "application/merge-patch+json", patch);
  call.query = "fieldManager=baton";
  return ask(state_->server, call, stop);
}

Json Client::scale(const Resource& resource, const Json& seen, int replicas, std::stop_token stop) {
  const Json& was = seen["metadata"];
  const Json patch =
      Json::object({{"metadata", Json::object({{"uid", was["uid"]}, {"resourceVersion", was["resourceVersion"]}})},
                    {"spec", Json::object({{"replicas", replicas}})}});
  Call call = patch_call(resource, name_of(seen), "application/merge-patch+json", patch);
  call.subresource = "scale";
  call.is_repeatable = true;
  return ask(state_->server, call, stop);
}

bool Client::remove(const Resource& resource, std::string_view name, const Precondition& precondition,
                    std::stop_token stop) {
  Json options = Json::object({{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"propagationPolicy", "Background"}});
  if (!precondition.uid.empty()) options["preconditions"]["uid"] = precondition.uid;
  if (!precondition.version.empty()) options["preconditions"]["resourceVersion"] = precondition.version;
  const Call call{.verb = "delete",
                  .resource = resource,
                  .name = std::string(name),
                  .method = "DELETE",
                  .content_type = "application/json",
                  .body = to_text(options)};
  const HttpResponse answer = send_call(state_->server, call, stop);
  if (is_absent(answer)) return false;
  if (!answer.is_success()) throw refusal(answer, call, state_->server.cluster());
  return true;
}

std::optional<Json> Client::find_raw(std::string_view path, std::stop_token stop) {
  const std::size_t query = std::min(path.find('?'), path.size());
  const std::size_t slash = std::min(path.rfind('/', query), query);
  const Resource raw{path.substr(0, slash), path.substr(slash + 1, query - slash - 1), "", false};
  const Call call{.verb = "get", .resource = raw, .query = std::string(path.substr(std::min(query + 1, path.size())))};
  const HttpResponse answer = send_call(state_->server, call, stop);
  if (answer.status == kNotFound) return std::nullopt;
  return object_in(answer, call, state_->server.cluster());
}

std::optional<ServedKind> Client::find_kind(std::string_view api_version, std::string_view kind, std::stop_token stop) {
  const bool is_core = api_version.find('/') == std::string_view::npos;
  const std::string prefix = fmt::format("/{}/{}", is_core ? "api" : "apis", api_version);
  const auto served = api_version.empty() ? std::nullopt : find_raw(prefix, std::move(stop));
  if (!served) return std::nullopt;
  for (const auto& one : (*served)["resources"].items_or_none()) {
    const std::string plural = one["name"].string_or("");
    const bool is_subresource = plural.find('/') != std::string::npos;
    if (is_subresource || one["kind"].string_or("") != kind) continue;
    return ServedKind{.prefix = prefix,
                      .plural = plural,
                      .kind = std::string(kind),
                      .namespaced = one["namespaced"].boolean_or(false)};
  }
  return std::nullopt;
}

std::string Client::cluster_uid(std::stop_token stop) {
  try {
    const std::optional<Json> system = find(kNamespaces, "kube-system", stop);
    return system ? (*system)["metadata"]["uid"].string_or("") : "";
  } catch (const ApiError& error) {
    if (error.status() != 403) throw;
    return "";
  }
}

bool Client::may(std::string_view verb, const Resource& resource, std::string_view subresource, std::string_view name,
                 std::stop_token stop) {
  Json attributes = Json::object({{"verb", verb}, {"group", group_of(resource)}, {"resource", resource.plural}});
  if (!subresource.empty()) attributes["subresource"] = subresource;
  if (!name.empty()) attributes["name"] = name;
  if (resource.namespaced) attributes["namespace"] = namespace_name();
  const Json review = Json::object({{"spec", Json::object({{"resourceAttributes", attributes}})}});
  const Call call{.verb = "create",
                  .resource = kAccessReviews,
                  .method = "POST",
                  .content_type = "application/json",
                  .body = body_of(kAccessReviews, review)};
  const Json answer = ask(state_->server, call, stop);
  return answer["status"]["allowed"].boolean_or(false);
}

std::string group_of(const Resource& resource) {
  const std::vector<std::string> pieces = split(resource.prefix, '/');
  return pieces.size() > 2 && pieces[1] == "apis" ? pieces[2] : std::string{};
}

std::string pointer_token(std::string_view token) { return replace_all(replace_all(token, "~", "~0"), "/", "~1"); }

}  // namespace baton::kube
