// One call of the Kubernetes API as a value: which right it uses, where it goes, what a refusal means.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/kube/api_server.h"
#include "common/clients/kube/client.h"

namespace baton::kube {

inline constexpr std::string_view kJsonPatch = "application/json-patch+json";
inline constexpr std::string_view kApplyPatch = "application/apply-patch+yaml";  ///< by name only: JSON is YAML

struct Call {
  std::string_view verb;  ///< as RBAC names it: "get", "list", "patch", …
  const Resource& resource;
  std::string name = {};
  std::string subresource = {};  ///< "scale", "log", …
  std::string query = {};        ///< encoded, without "?"
  std::string method = "GET";
  std::string content_type = {};
  std::string body = {};
  bool in_all_namespaces = false;
  bool is_repeatable = true;  ///< sent twice it does the same as once
};

std::string path_of(const Call& call, const Cluster& cluster);
/// "patch services 'shop' in namespace 'production'"
std::string describe(const Call& call, const Cluster& cluster);
/// The Status that the API server itself answered with; nothing when the body is something else.
std::optional<Json> status_of(const HttpResponse& answer);
/// What a refused call means and what to do about it.
ApiError refusal(const HttpResponse& answer, const Call& call, const Cluster& cluster);

/// The object answered; throws ApiError unless it is a success.
Json object_in(const HttpResponse& answer, const Call& call, const Cluster& cluster, const JsonLimits& limits = {});

HttpResponse send_call(ApiServer& server, const Call& call, std::stop_token stop);
/// Both at once.
Json ask(ApiServer& server, const Call& call, std::stop_token stop);

}  // namespace baton::kube
