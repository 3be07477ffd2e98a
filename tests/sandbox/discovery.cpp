// Discovery documents, made from the table of kinds.
#include "tests/sandbox/discovery.h"

#include <algorithm>
#include <set>

#include "common/core/text.h"
#include "tests/sandbox/kinds.h"

namespace baton::sandbox {
namespace {

std::string group_version(const Kind& kind) { return api_version(kind); }
std::string root_of(const Kind& kind) { return (kind.group.empty() ? "/api/" : "/apis/") + group_version(kind); }

std::set<std::string> group_versions() {
  std::set<std::string> found;
  for (const auto& kind : kinds()) {
    if (!kind.group.empty()) found.insert(group_version(kind));
  }
  return found;
}

Json verbs_of(const Kind& kind) {
  if (kind.plural == "selfsubjectaccessreviews") return Json::array({"create"});
  if (kind.origin == Origin::computed) return Json::array({"get", "list"});
  return Json::array({"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"});
}

Json resource(const Kind& kind) {
  auto entry = Json::object({{"name", kind.plural},
                             {"singularName", kind.singular},
                             {"namespaced", kind.is_namespaced},
                             {"kind", kind.name},
                             {"verbs", verbs_of(kind)}});
  if (!kind.short_name.empty()) entry["shortNames"] = Json::array({kind.short_name});
  if (kind.name == "Pod" || kind.name == "Service" || kind.has_scale) entry["categories"] = Json::array({"all"});
  return entry;
}

Json subresource(const Kind& kind, const std::string& name, std::string_view of_kind, Json verbs) {
  return Json::object({{"name", std::string(kind.plural) + "/" + name},
                       {"singularName", ""},
                       {"namespaced", kind.is_namespaced},
                       {"kind", of_kind},
                       {"verbs", std::move(verbs)}});
}

void add_subresources(const Kind& kind, Json& resources) {
  const auto write = Json::array({"get", "patch", "update"});
  if (kind.has_status) resources.push_back(subresource(kind, "status", kind.name, write));
  if (kind.has_scale) {
    auto scale = subresource(kind, "scale", "Scale", write);
    scale["group"] = "autoscaling";
    scale["version"] = "v1";
    resources.push_back(std::move(scale));
  }
  if (kind.name != "Pod") return;
  resources.push_back(subresource(kind, "log", "Pod", Json::array({"get"})));
  resources.push_back(
      subresource(kind, "proxy", "PodProxyOptions", Json::array({"create", "delete", "get", "update"})));
}

std::optional<Json> resource_list(const std::string& path) {
  auto resources = Json::array();
  std::string version;
  for (const auto& kind : kinds()) {
    if (root_of(kind) != path) continue;
    version = group_version(kind);
    resources.push_back(resource(kind));
    add_subresources(kind, resources);
  }
  if (version.empty()) return std::nullopt;
  return Json::object(
      {{"kind", "APIResourceList"}, {"apiVersion", "v1"}, {"groupVersion", version}, {"resources", resources}});
}

Json group_entry(const std::string& text) {
  const auto slash = text.find('/');
  const auto version = Json::object({{"groupVersion", text}, {"version", text.substr(slash + 1)}});
  return Json::object(
      {{"name", text.substr(0, slash)}, {"versions", Json::array({version})}, {"preferredVersion", version}});
}

Json group_list() {
  auto groups = Json::array();
  for (const auto& text : group_versions()) groups.push_back(group_entry(text));
  return Json::object({{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", groups}});
}

Json core_versions() {
  const auto address = Json::object({{"clientCIDR", "0.0.0.0/0"}, {"serverAddress", "127.0.0.1"}});
  return Json::object({{"kind", "APIVersions"},
                       {"versions", Json::array({"v1"})},
                       {"serverAddressByClientCIDRs", Json::array({address})}});
}

Json version() {
  return Json::object({{"major", "1"},
                       {"minor", "34"},
                       {"gitVersion", "v1.34.0+sandbox"},
                       {"gitCommit", ""},
                       {"gitTreeState", "clean"},
                       {"buildDate", "2025-01-01T00:00:00Z"},
                       {"goVersion", "none"},
                       {"compiler", "none"},
                       {"platform", "linux/amd64"}});
}

Json openapi_index() {
  auto paths = Json::object();
  for (const auto& kind : kinds()) {
    const auto root = root_of(kind).substr(1);
    paths[root] = Json::object({{"serverRelativeURL", "/openapi/v3/" + root}});
  }
  return Json::object({{"paths", paths}});
}

/// kubectl only looks whether writes take fieldValidation, and then leaves validating to us.
Json openapi_of(const std::string& root) {
  const auto parameter = [](const char* name) {
    return Json::object({{"name", name}, {"in", "query"}, {"schema", Json::object({{"type", "string"}})}});
  };
  const auto parameters =
      Json::array({parameter("dryRun"), parameter("fieldManager"), parameter("fieldValidation"), parameter("force")});
  auto paths = Json::object();
  for (const auto& kind : kinds()) {
    if (root_of(kind) != root) continue;
    const auto gvk = Json::object({{"group", kind.group}, {"kind", kind.name}, {"version", kind.version}});
    const auto patch = Json::object({{"x-kubernetes-action", "patch"},
                                     {"x-kubernetes-group-version-kind", gvk},
                                     {"parameters", parameters},
                                     {"responses", Json::object()}});
    const auto scope = kind.is_namespaced ? "/namespaces/{namespace}/" : "/";
    paths[root + scope + std::string(kind.plural) + "/{name}"] = Json::object({{"patch", patch}});
  }
  return Json::object({{"openapi", "3.0.0"},
                       {"info", Json::object({{"title", "sandbox"}, {"version", "1"}})},
                       {"paths", paths},
                       {"components", Json::object({{"schemas", Json::object()}})}});
}

std::optional<Json> single_group(const std::string& path) {
  for (const auto& text : group_versions()) {
    if (path != "/apis/" + text.substr(0, text.find('/'))) continue;
    auto group = group_entry(text);
    group["kind"] = "APIGroup";
    group["apiVersion"] = "v1";
    return group;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Json> discovery(const std::string& path) {
  constexpr std::string_view kOpenApi = "/openapi/v3/";
  if (path == "/version") return version();
  if (path == "/api") return core_versions();
  if (path == "/apis") return group_list();
  if (path == "/openapi/v3") return openapi_index();
  if (path.starts_with(kOpenApi)) return openapi_of(path.substr(kOpenApi.size() - 1));
  if (auto list = resource_list(path)) return list;
  return single_group(path);
}

}  // namespace baton::sandbox
