// Where the code is reviewed and built: what a forge knows of a commit.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::forge {

/// A pull or merge request that brought a commit.
struct Pull {
  std::string name;    ///< "#12", "!7"
  std::string branch;  ///< that it goes to
  bool is_merged = false;
  std::vector<std::string> approvers = {};  ///< each once; the author is none
  std::vector<std::string> objectors = {};  ///< who asked for changes and has not approved since
};

/// What ran, or shall have run, for a commit.
struct Job {
  enum class State { good, bad, open, absent };
  std::string name;
  State state = State::open;
  std::string word = {};  ///< the forge's own: "timed_out"
};

struct Jobs {
  std::vector<Job> all;
  /// Whether `all` are those that the branch requires; else everything that ran, as the forge does not tell.
  bool are_required = false;
};

/// All throw Error{unknown} where the forge cannot be asked, refuses, or answers something else; what it says of a
/// project or commit that it does not know is such an error, too. `commit` is a full hash.
class Forge {
 public:
  virtual ~Forge() = default;
  virtual std::string_view title() const = 0;  ///< "GitHub"
  /// The requests that brought `commit`, merged ones first; none: it came without one.
  virtual std::vector<Pull> pulls_of(const std::string& commit, std::stop_token stop) = 0;
  /// Whether `commit` is the head of `branch` or an ancestor of it, on the forge.
  virtual bool is_on_branch(const std::string& commit, const std::string& branch, std::stop_token stop) = 0;
  /// Our own run's jobs that are not over are left out.
  virtual Jobs jobs_of(const std::string& commit, const std::string& branch, std::stop_token stop) = 0;
};

/// Which forge the variables of the CI host name: "github", "gitlab", or empty.
std::string_view kind_from(const Environment& environment);
/// Whether there is a token that may ask; GitLab's CI_JOB_TOKEN may not.
bool has_token(std::string_view kind, const Environment& environment);
/// GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN or GH_TOKEN; CI_API_V4_URL, CI_PROJECT_ID, GITLAB_TOKEN, else
/// CI_JOB_TOKEN. Throws Error{unknown} where no variable names the project.
std::unique_ptr<Forge> connect(std::string_view kind, HttpClient http, const Environment& environment);

}  // namespace baton::forge
