// Which cluster, as whom: kubeconfig files merged as kubectl does, or the credentials of the pod we run in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/env.h"
#include "common/io/tls.h"

namespace baton::kube {

struct Credentials {
  std::string token = {};
  std::string token_file = {};  ///< re-read at least every minute
  std::string username = {};
  std::string password = {};
  std::string certificate_pem = {};
  std::string key_pem = {};
  std::vector<std::string> exec_argv = {};  ///< a client-go credential plugin; the first stands resolved
  std::map<std::string, std::string> exec_environment = {};
  std::string exec_api_version = {};
};

struct Cluster {
  std::string server;  ///< "https://10.0.0.1:6443", no slash at the end
  std::string namespace_name = "default";
  std::string context = {};  ///< empty: in-cluster
  TlsSettings tls = {};
  std::string proxy = {};
  Credentials credentials = {};
};

/// Merges $KUBECONFIG (first file wins per name), else ~/.kube/config, else the pod's service account.
/// `context` empty: the current one. Throws Error{usage} naming file, line and column.
Cluster load_cluster(const Environment& environment, std::string_view context, std::string_view namespace_name);

}  // namespace baton::kube
