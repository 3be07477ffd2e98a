// Decides which cluster is meant, and as whom it is spoken to.
#include "common/clients/kube/kubeconfig.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/kube/kubeconfig_file.h"
#include "common/clients/kube/kubeconfig_user.h"
#include "common/core/closest.h"
#include "common/core/not_configured.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::kube {
namespace {

std::vector<std::string> names_of(const std::vector<NamedEntry>& entries) {
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const NamedEntry& entry : entries) names.push_back(entry.name);
  return names;
}

const NamedEntry& entry_named(const std::vector<NamedEntry>& entries, std::string_view kind, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &NamedEntry::name);
  if (found != entries.end()) return *found;
  const std::vector<std::string> names = names_of(entries);
  const std::optional<std::string> meant = closest(name, names);
  throw Error(ExitCode::usage, fmt::format("the {} '{}' is in no kubeconfig", kind, name),
              meant           ? fmt::format("Did you mean '{}'?", *meant)
              : names.empty() ? fmt::format("Add a {} to the kubeconfig.", kind)
                              : fmt::format("Choose one of: {}.", join(names, ", ")));
}

TlsSettings tls_of(const Fields& cluster) {
  TlsSettings tls{.ca_pem = cluster.data_or_file("certificate-authority"),
                  .server_name = cluster.text("tls-server-name"),
                  .insecure = cluster.flag("insecure-skip-tls-verify")};
  if (tls.insecure && !tls.ca_pem.empty()) {
    throw cluster.wrong(*cluster.find("insecure-skip-tls-verify"),
                        "insecure-skip-tls-verify stands beside a certificate authority",
                        "Remove insecure-skip-tls-verify.");
  }
  return tls;
}

/// As kubectl has it: without a scheme it is https where something of TLS is said, else http.
std::string scheme_of(const Fields& cluster, const TlsSettings& tls) {
  const bool is_tls = !tls.ca_pem.empty() || tls.insecure || !tls.server_name.empty();
  return cluster.text("server").find("://") != std::string::npos ? "" : is_tls ? "https://" : "http://";
}

std::string server_of(const Fields& cluster, const TlsSettings& tls) {
  std::string server = cluster.text("server");
  if (server.empty())
    throw cluster.wrong(cluster.node(), fmt::format("the cluster '{}' has no server", cluster.entry().name));
  server = scheme_of(cluster, tls) + server;
  try {
    parse_url(server);
  } catch (const Error& error) {
    throw cluster.wrong(*cluster.find("server"), error.what());
  }
  while (server.ends_with('/')) server.pop_back();
  return server;
}

std::string proxy_of(const Fields& cluster) {
  std::string proxy = cluster.text("proxy-url");
  const bool is_spoken = proxy.empty() || starts_with_icase(proxy, "http://") || starts_with_icase(proxy, "https://");
  if (is_spoken) return proxy;
  throw cluster.wrong(*cluster.find("proxy-url"), fmt::format("the proxy '{}' is not supported", redact(proxy)),
                      "Use an http:// proxy; socks5 is not spoken.");
}

Kubeconfig read_files(const std::vector<std::string>& paths) {
  Kubeconfig merged;
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    // Like kubectl: a file of the list that does not exist is no error, another one may hold everything.
    const std::optional<std::string> text = read_file_if_exists(path, 16U << 20U);
    if (text) merge(merged, parse_kubeconfig(*text, fs::absolute(path)));
  }
  return merged;
}

bool is_empty(const Kubeconfig& config) {
  return config.current_context.empty() && config.contexts.empty() && config.clusters.empty();
}

std::string read_service_account_file(const fs::path& file) {
  const std::optional<std::string> text = read_file_if_exists(file, 1U << 20U);
  return text ? std::string(trim(*text)) : std::string{};
}

}  // namespace

Cluster resolve(const Kubeconfig& config, std::string_view context, std::string_view namespace_name) {
  const std::string name(context.empty() ? std::string_view(config.current_context) : context);
  if (name.empty()) {
    throw Error(ExitCode::usage, "no kubeconfig names a current context",
                fmt::format("Set kubernetes.context to one of: {}.", join(names_of(config.contexts), ", ")));
  }
  const NamedEntry& entry = entry_named(config.contexts, "context", name);
  const Fields chosen(entry);
  const Fields cluster(entry_named(config.clusters, "cluster", chosen.text("cluster")));
  const TlsSettings tls = tls_of(cluster);
  Cluster result{.server = server_of(cluster, tls),
                 .context = name,
                 .tls = tls,
                 .proxy = proxy_of(cluster),
                 .origin = fmt::format("context '{}' of {}", printable(name, 100), entry.file.string())};
  const std::string user = chosen.text("user");
  if (!user.empty()) result.credentials = read_credentials(Fields(entry_named(config.users, "user", user)), cluster);
  const std::string own = chosen.text("namespace");
  if (!namespace_name.empty()) {
    result.namespace_name = namespace_name;
  } else if (!own.empty()) {
    result.namespace_name = own;
  }
  return result;
}

Cluster load_in_cluster(const Environment& environment, std::string_view namespace_name, const fs::path& folder) {
  const std::string host = environment.value_or("KUBERNETES_SERVICE_HOST", "");
  const std::string port = environment.value_or("KUBERNETES_SERVICE_PORT", "443");
  if (host.empty()) {
    throw NotConfigured("no cluster is configured: there is no kubeconfig, and this is no pod",
                        "Set KUBECONFIG, or run inside the cluster.");
  }
  const fs::path token = folder / "token";
  if (read_service_account_file(token).empty()) {
    throw Error(ExitCode::usage, fmt::format("the pod has no service account token at '{}'", token.string()),
                "Set automountServiceAccountToken to true for this pod.");
  }
  const bool is_ipv6 = host.find(':') != std::string::npos;
  Cluster cluster{.server = fmt::format("https://{}:{}", is_ipv6 ? "[" + host + "]" : host, port)};
  cluster.origin = "the pod's service account";
  cluster.tls.ca_file = (folder / "ca.crt").string();
  cluster.credentials.token_file = token.string();
  const std::string own = read_service_account_file(folder / "namespace");
  if (!own.empty()) cluster.namespace_name = own;
  if (!namespace_name.empty()) cluster.namespace_name = namespace_name;
  return cluster;
}

Cluster load_cluster(const Environment& environment, std::string_view context, std::string_view namespace_name) {
  const std::optional<std::string> list = environment.find("KUBECONFIG");
  const Kubeconfig config =
      read_files(list ? split(*list, ':') : std::vector{home_folder(environment) + "/.kube/config"});
  const bool is_in_cluster = context.empty() && is_empty(config);
  return is_in_cluster ? load_in_cluster(environment, namespace_name) : resolve(config, context, namespace_name);
}

}  // namespace baton::kube
