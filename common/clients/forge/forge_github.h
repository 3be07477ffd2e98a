// GitHub's REST API, version 2022-11-28.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/clients/forge/api.h"
#include "common/clients/forge/forge.h"

namespace baton::forge {

class GitHub final : public Forge {
 public:
  /// `repository` is "owner/name", `run` the id of our own workflow run, or empty.
  GitHub(Api api, const std::string& repository, std::string run);

  std::string_view title() const override { return "GitHub"; }
  std::vector<Pull> pulls_of(const std::string& commit, std::stop_token stop) override;
  bool is_on_branch(const std::string& commit, const std::string& branch, std::stop_token stop) override;
  Jobs jobs_of(const std::string& commit, const std::string& branch, std::stop_token stop) override;

 private:
  void add_reviews(Pull& pull, const Json& json, std::stop_token stop);
  std::set<std::string> required(const std::string& branch, std::stop_token stop);

  Api api_;
  std::string path_;  ///< "/repos/owner/name"
  std::string run_;
};

/// What reviewers think of a request last, of its head as it is.
class Reviews {
 public:
  Reviews(std::string author, std::string head) : author_(std::move(author)), head_(std::move(head)) {}
  /// In the order of the API: oldest first.
  void take(const Json& review);
  std::vector<std::string> approvers() const { return those("APPROVED"); }
  std::vector<std::string> objectors() const { return those("CHANGES_REQUESTED"); }

 private:
  std::vector<std::string> those(std::string_view state) const;

  std::string author_;
  std::string head_;
  std::map<std::string, std::string> last_ = {};  ///< reviewer → state
};

}  // namespace baton::forge
