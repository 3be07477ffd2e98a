// GitLab's REST API, version 4.
#pragma once

#include <string>
#include <vector>

#include "common/clients/forge/api.h"
#include "common/clients/forge/forge.h"

namespace baton::forge {

class GitLab final : public Forge {
 public:
  /// `project` is its id or "group/name", `pipeline` the id of our own, or empty.
  GitLab(Api api, const std::string& project, std::string pipeline);

  std::string_view title() const override { return "GitLab"; }
  std::vector<Pull> pulls_of(const std::string& commit, std::stop_token stop) override;
  bool is_on_branch(const std::string& commit, const std::string& branch, std::stop_token stop) override;
  Jobs jobs_of(const std::string& commit, const std::string& branch, std::stop_token stop) override;

 private:
  void add_own_jobs(std::vector<Job>& all, std::stop_token stop);

  Api api_;
  std::string path_;  ///< "/projects/42"
  std::string pipeline_;
};

}  // namespace baton::forge
