// What Prometheus needs of the sandbox: whom to scrape, and cadvisor's series.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "tests/sandbox/kubelet.h"

namespace baton::sandbox {

/// file_sd groups: one a pod that runs, labelled with namespace, pod, container and the pod's own labels.
Json scrape_targets(const std::vector<Json>& pods);
/// CPU and memory of all containers under cadvisor's names.
std::string cadvisor_exposition(const std::vector<Usage>& usage);
/// The same, and what each pod says of its own traffic, in one place: a Prometheus that scrapes it as a static target
/// knows a new pod at once, while file_sd takes up to ten seconds to reach its scrapers.
std::string whole_exposition(const std::vector<Usage>& usage);

/// Keeps a folder of file_sd files up to date; a file is written whole, and only when it says something new.
class TargetFolder {
 public:
  explicit TargetFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void write_pods(const std::vector<Json>& pods);
  void write_cadvisor(int port) const;

 private:
  std::filesystem::path folder_;
  std::string written_;
};

}  // namespace baton::sandbox
