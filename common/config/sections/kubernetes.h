// `kubernetes:` where the release runs.
#pragma once

#include <string>
#include <vector>

namespace baton {

/// A Deployment without a Service that ships the same release.
struct WorkerName {
  std::string name;
};

struct KubernetesConfig {
  std::string context = {};
  std::string namespace_ = {};  ///< empty: the context's, else "default"
  std::string service = {};     ///< empty: app
  std::string container = {};
  std::string manifest = {};
  std::vector<std::string> services = {};  ///< more of them, flipped as one with `service`
  std::vector<WorkerName> workers = {};
  std::string label = "version";
  std::string port = {};  ///< name or number; empty: the one behind which readiness probes ask
};

namespace config {
struct Key;
/// The keys of the section.
void add_kubernetes(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
