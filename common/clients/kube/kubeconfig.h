// Which cluster, as whom: kubeconfig files merged as kubectl does, or the credentials of the pod we run in.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/io/env.h"
#include "common/io/http/client.h"
#include "common/io/tls.h"

namespace baton::kube {

/// A client-go credential plugin: a program that prints an ExecCredential.
struct ExecPlugin {
  std::vector<std::string> argv = {};  ///< the first stands resolved
  std::map<std::string, std::string> environment = {};
  std::string api_version = {};
  std::string install_hint = {};
  Json cluster = nullptr;  ///< what the plugin is told of the cluster (provideClusterInfo); null: nothing
};

struct Credentials {
  std::string token = {};
  std::string token_file = {};  ///< read for every request, so a rotated token is never stale; wins over `token`
  std::string username = {};
  std::string password = {};
  std::string certificate_pem = {};
  std::string key_pem = {};
  std::optional<ExecPlugin> exec = {};
  Headers impersonation = {};  ///< Impersonate-User and its kin
};

struct Cluster {
  std::string server;  ///< "https://10.0.0.1:6443", no slash at the end
  std::string namespace_name = "default";
  std::string context = {};  ///< empty: in-cluster
  TlsSettings tls = {};      ///< the client certificate stands in `credentials`
  std::string proxy = {};
  Credentials credentials = {};
  std::string origin = {};  ///< for errors: "context 'prod' of /home/jo/.kube/config", "the pod's service account"
};

struct Kubeconfig;  // common/clients/kube/kubeconfig_file.h
/// Follows context → cluster and user, and reads the files they name. `context` empty: the current one.
Cluster resolve(const Kubeconfig& config, std::string_view context, std::string_view namespace_name);

/// Merges $KUBECONFIG (first file wins per name), else ~/.kube/config, else the pod's service account.
/// `context` empty: the current one. `namespace_name` empty: the context's, else "default".
/// Throws Error{usage} naming file, line and column.
Cluster load_cluster(const Environment& environment, std::string_view context, std::string_view namespace_name);

/// Where Kubernetes mounts a pod's own credentials.
inline constexpr std::string_view kServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The cluster whose pod we are: KUBERNETES_SERVICE_HOST and _PORT, and token, ca.crt and namespace in `folder`.
/// Throws Error{usage} when this is no pod or the pod mounts no token.
Cluster load_in_cluster(const Environment& environment, std::string_view namespace_name,
                        const std::filesystem::path& folder = kServiceAccountFolder);

}  // namespace baton::kube
