// Reads the user of a kubeconfig: which proof of identity it brings, and which kinds are refused by name.
#include "common/clients/kube/kubeconfig_user.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/digest.h"
#include "common/io/files.h"

namespace baton::kube {
namespace {

struct RemovedKind {
  std::string_view name;
  std::string_view successor;
};
constexpr std::array kRemovedKinds{RemovedKind{"gcp", "gke-gcloud-auth-plugin"}, RemovedKind{"azure", "kubelogin"}};
constexpr std::array<std::string_view, 2> kExecVersions{"client.authentication.k8s.io/v1",
                                                        "client.authentication.k8s.io/v1beta1"};
constexpr std::string_view kExecExtension = "client.authentication.k8s.io/exec";

void refuse_auth_provider(const Fields& user) {
  const YamlNode* provider = user.find("auth-provider");
  if (provider == nullptr) return;
  const std::string name = user.inside(*provider).text("name");
  const auto removed = std::ranges::find(kRemovedKinds, name, &RemovedKind::name);
  const std::string hint =
      removed == kRemovedKinds.end()
          ? "Use a token, a client certificate or an exec plugin instead."
          : fmt::format("Use the exec plugin {} instead; Kubernetes removed this kind.", removed->successor);
  throw user.wrong(*provider, fmt::format("the auth-provider '{}' is not supported", name), hint);
}

std::string resolve_command(const Fields& exec) {
  const std::string command = exec.text("command");
  if (command.empty()) throw exec.wrong(exec.node(), "the exec plugin has no command");
  return command.find('/') == std::string::npos ? command : exec.path("command");
}

std::map<std::string, std::string> read_environment(const Fields& exec) {
  std::map<std::string, std::string> environment;
  const YamlNode* list = exec.find("env");
  if (list == nullptr) return environment;
  for (const YamlNode& item : list->items) {
    const Fields variable = exec.inside(item);
    environment[variable.text("name")] = variable.text("value");
  }
  return environment;
}

Json extension_for_exec(const Fields& cluster) {
  const YamlNode* list = cluster.find("extensions");
  if (list == nullptr) return nullptr;
  for (const YamlNode& item : list->items) {
    const Fields extension = cluster.inside(item);
    const YamlNode* value = extension.find("extension");
    if (value != nullptr && extension.text("name") == kExecExtension) return to_json(*value);
  }
  return nullptr;
}

Json describe_cluster(const Fields& cluster) {
  Json info = Json::object({{"server", cluster.text("server")}});
  const std::string authority = cluster.data_or_file("certificate-authority");
  if (!authority.empty()) info["certificate-authority-data"] = to_base64(authority);
  if (cluster.flag("insecure-skip-tls-verify")) info["insecure-skip-tls-verify"] = true;
  for (const char* key : {"tls-server-name", "proxy-url"}) {
    if (cluster.find(key) != nullptr) info[key] = cluster.text(key);
  }
  Json config = extension_for_exec(cluster);
  if (!config.is_null()) info["config"] = std::move(config);
  return info;
}

std::optional<ExecPlugin> read_exec(const Fields& user, const Fields& cluster) {
  const YamlNode* node = user.find("exec");
  if (node == nullptr) return std::nullopt;
  const Fields exec = user.inside(*node);
  ExecPlugin plugin{.argv = {resolve_command(exec)},
                    .environment = read_environment(exec),
                    .api_version = exec.text("apiVersion"),
                    .install_hint = exec.text("installHint")};
  if (std::ranges::find(kExecVersions, plugin.api_version) == kExecVersions.end()) {
    throw exec.wrong(*node, fmt::format("the exec plugin's apiVersion '{}' is not supported", plugin.api_version),
                     fmt::format("Set it to {} or {}.", kExecVersions[0], kExecVersions[1]));
  }
  if (exec.text("interactiveMode") == "Always") {
    throw exec.wrong(*node, "the exec plugin wants a terminal", "Use credentials that need no person.");
  }
  for (std::string& argument : exec.texts("args")) plugin.argv.push_back(std::move(argument));
  if (exec.flag("provideClusterInfo")) plugin.cluster = describe_cluster(cluster);
  return plugin;
}

/// The one value of a list that may hold several elsewhere: a header is sent once.
void add_header(Headers& headers, const std::string& name, const Fields& fields, std::string_view key) {
  const std::vector<std::string> values = fields.texts(key);
  if (values.size() > 1) {
    throw fields.wrong(*fields.find(key), fmt::format("more than one value of '{}' is not supported", key),
                       "Impersonate with one of them, or log in as the user itself.");
  }
  if (!values.empty()) headers.emplace_back(name, values.front());
}

Headers read_impersonation(const Fields& user) {
  Headers headers;
  for (const auto& [key, header] : {std::pair{"as", "Impersonate-User"}, std::pair{"as-uid", "Impersonate-Uid"}}) {
    if (const std::string value = user.text(key); !value.empty()) headers.emplace_back(header, value);
  }
  add_header(headers, "Impersonate-Group", user, "as-groups");
  const YamlNode* extra = user.find("as-user-extra");
  if (extra == nullptr) return headers;
  for (const YamlMember& member : extra->members) {
    add_header(headers, "Impersonate-Extra-" + member.key, user.inside(*extra), member.key);
  }
  return headers;
}

}  // namespace

Credentials read_credentials(const Fields& user, const Fields& cluster) {
  refuse_auth_provider(user);
  Credentials credentials{.token = user.text("token"),
                          .token_file = user.path("tokenFile"),
                          .username = user.text("username"),
                          .password = user.text("password"),
                          .certificate_pem = user.data_or_file("client-certificate"),
                          .key_pem = user.data_or_file("client-key"),
                          .exec = read_exec(user, cluster),
                          .impersonation = read_impersonation(user)};
  if (credentials.certificate_pem.empty() != credentials.key_pem.empty()) {
    throw user.wrong(user.node(),
                     fmt::format("the user '{}' has only one half of client certificate and key", user.entry().name));
  }
  return credentials;
}

}  // namespace baton::kube
