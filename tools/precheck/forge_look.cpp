// Which forge, as whom, about which commit.
#include "tools/precheck/forge_look.h"

#include "common/clients/git_files.h"
#include "common/config/sections/precheck.h"
#include "common/core/error.h"

namespace baton::precheck {

namespace {

/// GitLab's runner names the file with the authority of its own server.
Endpoint trusted_by(const Look& look, std::string_view kind) {
  return {.ca = kind == "gitlab" ? look.environment().value_or("CI_SERVER_TLS_CA_FILE", "") : std::string{}};
}

}  // namespace

std::unique_ptr<forge::Forge> forge_of(const Look& look, std::string_view kind) {
  return forge::connect(kind, look.http_to(trusted_by(look, kind), "precheck.quality.review.forge"),
                        look.environment());
}

std::unique_ptr<forge::Forge> forge_around(const Look& look, std::string_view key) {
  const auto& chosen = look.config().precheck().quality.review_forge;
  const auto kind = chosen.empty() ? forge::kind_from(look.environment()) : std::string_view(chosen);
  const bool is_wanted = look.is_given(key) || !chosen.empty();
  if (!is_wanted && !forge::has_token(kind, look.environment())) return nullptr;
  return forge::connect(kind, look.http_to(trusted_by(look, kind), key), look.environment());
}

Observation no_forge() {
  return {
      .outcome = Outcome::skipped,
      .message = "there is no forge to ask: the environment names no project with a token that may read it",
      .recovery = {"Give the job GITHUB_TOKEN (contents, checks, statuses and pull requests: read), or GITLAB_TOKEN "
                   "with the scope read_api."}};
}

std::string release_commit(const Look& look) {
  const auto& commit = look.release().commit;
  if (git::is_object_name(commit)) return commit;
  throw Error(ExitCode::unknown, "the release's commit is not known: neither the CI nor a checkout names it",
              "Run it in the checkout of the release, or in its CI job.");
}

}  // namespace baton::precheck
