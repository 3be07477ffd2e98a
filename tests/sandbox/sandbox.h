// The playground in one piece: API server, controllers, kubelet, fronts, registry.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/io/clock.h"
#include "tests/sandbox/api.h"
#include "tests/sandbox/gateway.h"
#include "tests/sandbox/kubelet.h"
#include "tests/sandbox/network.h"
#include "tests/sandbox/releases.h"
#include "tests/sandbox/service_fronts.h"
#include "tests/sandbox/store.h"
#include "tests/sandbox/telemetry.h"

namespace baton::sandbox {

struct SandboxSettings {
  std::filesystem::path folder;   ///< gets `kubeconfig` and `targets/`
  std::string ns = "production";  ///< made at the start, and the kubeconfig's own
  int api_port = 0;               ///< 0: a free one
  int registry_port = 0;
  Duration slices_delay{0};   ///< at most, by which the EndpointSlices follow their pods and Services
  Duration proxy_delay{0};    ///< by which the data plane follows the EndpointSlices
  std::size_t page_size = 0;  ///< of lists that ask for pages; 0: as they ask
  Timing timing = {};
};

/// Beside a request to the API server: before it is carried out, and after it, before it is answered.
enum class Moment { before, after };
/// Whether it goes on: what is stopped before is not carried out. A Refusal that it throws is the answer. May be called
/// from several threads at once.
using Witness = std::function<bool(const Question&, Moment)>;

class Sandbox {
 public:
  /// Runs from here on. Throws std::runtime_error when a port is taken.
  explicit Sandbox(SandboxSettings settings);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::string api_url() const;
  std::string registry() const { return registry_; }  ///< "127.0.0.1:34567", as image references name it
  std::filesystem::path kubeconfig() const { return settings_.folder / "kubeconfig"; }
  std::filesystem::path targets() const { return settings_.folder / "targets"; }
  /// "http://127.x.y.z:8080" of the first port of "myapp" or "staging/myapp"; empty while there is no such Service.
  std::string front_url(const std::string& service) const;
  /// Likewise, of the gateway's address for an HTTPRoute in our namespace.
  std::string gateway_url(const std::string& route) const { return gateway_.url(settings_.ns, route); }

  /// Adds a release to the registry, or changes what is wrong with it from now on, in running pods too.
  void set_fault(const std::string& version, const std::string& fault = {});
  /// Creates the objects of a YAML text, in which {{registry}} is filled in, in our namespace where they name none.
  /// Throws std::runtime_error with the API server's refusal.
  void create(const std::string& manifest);
  Store& store() { return store_; }
  Access& access() { return api_.access(); }
  /// That the API server was asked so far.
  int api_requests() const { return api_requests_; }
  /// Told of every request to the API server; none: nobody is.
  void set_witness(Witness witness);

 private:
  void furnish();
  void write_kubeconfig(const std::string& token) const;
  void run(std::stop_token stop);
  Answer answer_about_sandbox(const Question& question);
  Answer answer_witnessed(const Question& question);

  SandboxSettings settings_;
  SystemClock clock_;
  Store store_;
  Network network_;
  Releases releases_;
  HttpServer registry_server_;
  std::string registry_;
  Kubelet kubelet_;
  Api api_;
  std::atomic<int> api_requests_ = 0;
  std::mutex witness_mutex_ = {};
  Witness witness_ = {};
  HttpServer api_server_;
  ServiceFronts fronts_;
  Gateway gateway_{store_, network_, clock_};
  TargetFolder target_folder_;
  std::jthread controllers_;
};

}  // namespace baton::sandbox
