// A playground for one test: started on free ports in a folder of its own, gone with the object.
#pragma once

#include <string>

#include "common/clients/kube/client.h"
#include "common/io/files.h"
#include "tests/sandbox/sandbox.h"

namespace baton::test {

struct PlaygroundSettings {
  std::string version = "v1.5.0";  ///< of the release that is live; empty: nothing is deployed
  int replicas = 2;
  std::string kind = "Deployment";  ///< or StatefulSet; or DaemonSet, which has a pod on each of the two nodes
  std::string more = {};            ///< of its spec, a line of YAML: "updateStrategy: {type: OnDelete}"
  bool is_headless = false;         ///< its Service
  Duration slices_delay{0};
  Duration proxy_delay{0};
  std::size_t page_size = 0;  ///< of lists that ask for pages; 0: as they ask
  Duration start_delay{50};
  Duration drain_limit{8000};  ///< a pod that ends waits for its connections at most this long, and its grace
};

/// An app "myapp" in the namespace "production": a Deployment (or what the settings say) `myapp` and a Service `myapp`
/// on port 8080 that never knew colours, ready and reachable when the constructor returns.
class Playground {
 public:
  explicit Playground(const PlaygroundSettings& settings = {});

  std::string kubeconfig() const { return sandbox_.kubeconfig(); }
  std::string api_url() const { return sandbox_.api_url(); }
  /// The repository, without a tag: "127.0.0.1:34567/myapp".
  std::string image() const { return sandbox_.registry() + "/myapp"; }
  std::string front_url() const { return sandbox_.front_url("myapp"); }
  /// file_sd files for a Prometheus.
  std::string targets() const { return sandbox_.targets(); }
  /// Adds a release, or changes what is wrong with it from now on; faults as fault.h describes them.
  void set_fault(const std::string& version, const std::string& fault = {}) { sandbox_.set_fault(version, fault); }
  /// A client as the tools would make one of the kubeconfig.
  kube::Client client(Clock& clock) const;
  /// Objects of a YAML text; {{registry}} is filled in.
  void create(const std::string& manifest) { sandbox_.create(manifest); }
  /// As `kubectl scale` does, whatever else is written to it.
  void scale(const std::string& deployment, int replicas);
  /// Waits until the Deployment, or what the settings named, has all its pods available and nothing else; throws
  /// std::runtime_error after `limit`.
  void await_rollout(const std::string& deployment, Duration limit = std::chrono::seconds(20));
  sandbox::Sandbox& sandbox() { return sandbox_; }

 private:
  void await_front();

  std::string kind_;
  TempFolder folder_;
  sandbox::Sandbox sandbox_;
};

}  // namespace baton::test
