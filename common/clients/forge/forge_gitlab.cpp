// Merge requests and their approvals, merge bases, pipelines.
#include "common/clients/forge/forge_gitlab.h"

#include <algorithm>
#include <array>
#include <set>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::forge {
namespace {

// Of what was not asked to run nobody can say that it ended badly.
constexpr std::array<std::string_view, 2> kGood{"success", "skipped"};
constexpr std::array<std::string_view, 2> kBad{"failed", "canceled"};

std::string shown(const Json& text) { return printable(text.string_or(""), 200); }

Job::State state_of(std::string_view status) {
  if (std::ranges::find(kGood, status) != kGood.end()) return Job::State::good;
  return std::ranges::find(kBad, status) != kBad.end() ? Job::State::bad : Job::State::open;
}

}  // namespace

GitLab::GitLab(Api api, const std::string& project, std::string pipeline)
    : api_(std::move(api)), path_("/projects/" + percent_encode(project)), pipeline_(std::move(pipeline)) {}

std::vector<Pull> GitLab::pulls_of(const std::string& commit, std::stop_token stop) {
  std::vector<Json> found;
  api_.visit(
      path_ + "/repository/commits/" + commit + "/merge_requests", whole_page,
      [&](const Json& json) { found.push_back(json); }, stop);
  std::vector<Pull> pulls;
  for (const auto& json : found) {
    const auto number = std::to_string(json["iid"].integer());
    Pull pull{
        .name = "!" + number, .branch = shown(json["target_branch"]), .is_merged = json["state"].string() == "merged"};
    const auto author = shown(json["author"]["username"]);
    const auto approvals = api_.ask(path_ + "/merge_requests/" + number + "/approvals", stop);
    std::set<std::string> names;
    for (const auto& approval : approvals["approved_by"].items()) names.insert(shown(approval["user"]["username"]));
    names.erase(author);
    names.erase("");
    pull.approvers.assign(names.begin(), names.end());
    pulls.push_back(std::move(pull));
  }
  // Not of std::ranges: clang 14 cannot read what that returns.
  std::stable_partition(pulls.begin(), pulls.end(), [](const Pull& pull) { return pull.is_merged; });
  return pulls;
}

bool GitLab::is_on_branch(const std::string& commit, const std::string& branch, std::stop_token stop) {
  const auto base = api_.ask(
      path_ + "/repository/merge_base?refs%5B%5D=" + percent_encode(branch) + "&refs%5B%5D=" + commit, std::move(stop));
  return base["id"].string() == commit;
}

/// Of our own pipeline, which is not over, what is.
void GitLab::add_own_jobs(std::vector<Job>& all, std::stop_token stop) {
  api_.visit(
      path_ + "/pipelines/" + pipeline_ + "/jobs", whole_page,
      [&](const Json& job) {
        const auto& status = job["status"].string();
        const bool is_over = state_of(status) != Job::State::open;
        if (is_over && status != "skipped" && !job["allow_failure"].boolean_or(false))
          all.push_back({.name = shown(job["name"]), .state = state_of(status), .word = printable(status, 40)});
      },
      std::move(stop));
}

Jobs GitLab::jobs_of(const std::string& commit, const std::string& /*branch*/, std::stop_token stop) {
  Jobs jobs;
  std::set<std::pair<std::string, std::string>> seen;
  bool has_own = false;
  // The newest comes first: what ran again for the same reason takes the place of what ran before.
  api_.visit(
      path_ + "/pipelines?sha=" + commit + "&order_by=id&sort=desc", whole_page,
      [&](const Json& pipeline) {
        const auto number = std::to_string(pipeline["id"].integer());
        const auto& status = pipeline["status"].string();
        if (number == pipeline_) {
          has_own = true;
          return;
        }
        if (!seen.emplace(pipeline["ref"].string_or(""), pipeline["source"].string_or("")).second) return;
        jobs.all.push_back({.name = "pipeline " + number, .state = state_of(status), .word = printable(status, 40)});
      },
      stop);
  if (has_own) add_own_jobs(jobs.all, stop);
  return jobs;
}

}  // namespace baton::forge
