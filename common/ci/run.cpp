// The pipeline run, from the CI's variables.
#include "common/ci/run.h"

namespace baton {
namespace {

RunInfo github_run(const Environment& environment) {
  const std::string repository = environment.value_or("GITHUB_REPOSITORY", "");
  const std::string id = environment.value_or("GITHUB_RUN_ID", "");
  const std::string server = environment.value_or("GITHUB_SERVER_URL", "");
  return {.ci = "github",
          .repository = repository,
          .id = id,
          .attempt = environment.value_or("GITHUB_RUN_ATTEMPT", ""),
          .actor = environment.value_or("GITHUB_ACTOR", ""),
          .url = server.empty() || id.empty() ? "" : server + "/" + repository + "/actions/runs/" + id};
}

RunInfo gitlab_run(const Environment& environment) {
  return {.ci = "gitlab",
          .pipeline_started_at = environment.value_or("CI_PIPELINE_CREATED_AT", ""),
          .repository = environment.value_or("CI_PROJECT_PATH", ""),
          .id = environment.value_or("CI_PIPELINE_ID", ""),
          .actor = environment.value_or("GITLAB_USER_LOGIN", ""),
          .url = environment.value_or("CI_PIPELINE_URL", "")};
}

}  // namespace

RunInfo find_run(const std::string& ci, const Environment& environment) {
  if (ci == "github") return github_run(environment);
  if (ci == "gitlab") return gitlab_run(environment);
  return {};
}

std::string find_ci(const std::string& wanted, const Environment& environment) {
  if (wanted != "auto") return wanted;
  if (environment.value_or("GITHUB_ACTIONS", "") == "true") return "github";
  if (environment.value_or("GITLAB_CI", "") == "true") return "gitlab";
  return "none";
}

}  // namespace baton
