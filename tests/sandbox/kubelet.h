// Runs the pods: places them on nodes, lets them live, reports how they are, takes them away at their end.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/sandbox/pod.h"
#include "tests/sandbox/recorder.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

/// What a container uses, and may use.
struct Usage {
  std::string ns;
  std::string pod;
  std::string container;
  double cpu_seconds = 0;
  double memory_bytes = 0;
  double cpu_limit = 0;    ///< cores; 0: none
  double cpu_request = 0;  ///< cores; 0: none
  double memory_limit = 0;
  std::string traffic = {};  ///< its own exposition, labelled with namespace, pod and container
};

class Kubelet {
 public:
  Kubelet(Store& store, PodWorld world);
  ~Kubelet();
  /// Begins to switch all pods off, as when the machine goes.
  void halt();

  /// Lets every pod do what is due; called again and again.
  void advance();
  /// The pod's log, of the process before when `previous`; nothing when there was none.
  std::optional<std::vector<LogLine>> log(const std::string& uid, bool previous) const;
  std::vector<Usage> usage() const;

 private:
  void schedule(const Json& object);
  void advance_pod(const Json& object);
  void report(const Json& object, const Pod& pod, Pod::State before);
  void retire(std::unique_ptr<HttpServer> server);

  Store& store_;
  PodWorld world_;
  Recorder recorder_;
  std::size_t scheduled_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Pod> pods_;  ///< by uid
  std::vector<std::future<void>> retired_;
};

}  // namespace baton::sandbox
