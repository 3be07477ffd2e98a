// The release, from flags, the CI's variables and git.
#include "common/ci/release.h"

#include "common/clients/git.h"
#include "common/config/sections/run.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/io/files.h"

namespace baton {
namespace {

std::string ci_tag(const Environment& environment) {
  if (environment.value_or("GITHUB_REF_TYPE", "") == "tag") return environment.value_or("GITHUB_REF_NAME", "");
  return environment.value_or("CI_COMMIT_TAG", "");
}

std::string ci_commit(const Environment& environment) {
  return environment.value_or("GITHUB_SHA", environment.value_or("CI_COMMIT_SHA", ""));
}

/// A version becomes part of file names and annotations: nothing in it may lead out of a folder or break a line.
void check_version(const std::string& version) {
  const bool is_plain = version.find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") == std::string::npos;
  if (is_plain && version.size() <= 128 && version.front() != '.' && version.front() != '-') return;
  throw Error(ExitCode::usage, "the release '" + printable(version, 140) + "' is not a version",
              "Pass letters, digits, '.', '_', '+' and '-' only, e.g. --release v1.6.0.");
}

}  // namespace

Release find_release(const Config& config, const Environment& environment) {
  Release release{.app = config.app, .version = config.run().release, .environment = config.environment};
  if (release.version.empty()) release.version = ci_tag(environment);
  release.commit = ci_commit(environment);
  if (release.version.empty() || release.commit.empty()) {
    const auto checkout = git::look(fs::current_path());
    if (checkout && release.version.empty()) release.version = checkout->exact_tag.value_or("");
    if (checkout && release.commit.empty()) release.commit = checkout->commit;
  }
  if (!release.version.empty()) check_version(release.version);
  return release;
}

bool is_release_named(const Config& config, const Environment& environment) {
  return !config.run().release.empty() || !ci_tag(environment).empty();
}

}  // namespace baton
