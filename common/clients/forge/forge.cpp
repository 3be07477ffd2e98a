// Which forge, and as whom.
#include "common/clients/forge/forge.h"

#include "common/clients/forge/forge_github.h"
#include "common/clients/forge/forge_gitlab.h"
#include "common/core/error.h"
#include "common/core/secrets.h"

namespace baton::forge {
namespace {

std::string required(const Environment& environment, std::string_view name) {
  if (auto value = environment.find(name)) return *value;
  throw Error(ExitCode::unknown, std::string(name) + " is not set: nothing names the project on the forge",
              "Set " + std::string(name) + ", as the CI host does in its jobs.");
}

std::string token_of(const Environment& environment, std::string_view first, std::string_view second) {
  auto token = environment.value_or(first, environment.value_or(second, ""));
  if (!token.empty()) keep_secret(token);
  return token;
}

std::unique_ptr<Forge> connect_github(HttpClient http, const Environment& environment) {
  const auto repository = required(environment, "GITHUB_REPOSITORY");
  Headers headers{{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
  if (const auto token = token_of(environment, "GITHUB_TOKEN", "GH_TOKEN"); !token.empty())
    headers.emplace_back("Authorization", "Bearer " + token);
  Api api(std::move(http), "GitHub", environment.value_or("GITHUB_API_URL", "https://api.github.com"),
          std::move(headers),
          "Give the job a GITHUB_TOKEN that may read contents, pull requests, checks and statuses.");
  return std::make_unique<GitHub>(std::move(api), repository, environment.value_or("GITHUB_RUN_ID", ""));
}

std::unique_ptr<Forge> connect_gitlab(HttpClient http, const Environment& environment) {
  const auto project = required(environment, "CI_PROJECT_ID");
  Headers headers;
  if (const auto token = token_of(environment, "GITLAB_TOKEN", ""); !token.empty()) {
    headers.emplace_back("PRIVATE-TOKEN", token);
  } else if (const auto job = token_of(environment, "CI_JOB_TOKEN", ""); !job.empty()) {
    headers.emplace_back("JOB-TOKEN", job);
  }
  Api api(std::move(http), "GitLab", environment.value_or("CI_API_V4_URL", "https://gitlab.com/api/v4"),
          std::move(headers), "Give the job a GITLAB_TOKEN with the scope read_api; CI_JOB_TOKEN may not ask this.");
  return std::make_unique<GitLab>(std::move(api), project, environment.value_or("CI_PIPELINE_ID", ""));
}

}  // namespace

std::string_view kind_from(const Environment& environment) {
  if (environment.find("GITHUB_REPOSITORY")) return "github";
  return environment.find("CI_PROJECT_ID") ? "gitlab" : "";
}

bool has_token(std::string_view kind, const Environment& environment) {
  if (kind == "github") return environment.find("GITHUB_TOKEN") || environment.find("GH_TOKEN");
  return kind == "gitlab" && environment.find("GITLAB_TOKEN").has_value();
}

std::unique_ptr<Forge> connect(std::string_view kind, HttpClient http, const Environment& environment) {
  if (kind == "github") return connect_github(std::move(http), environment);
  if (kind == "gitlab") return connect_gitlab(std::move(http), environment);
  throw Error(ExitCode::unknown, "neither GITHUB_REPOSITORY nor CI_PROJECT_ID is set: there is no forge to ask",
              "Run it in a job of the forge, or set its variables.");
}

}  // namespace baton::forge
