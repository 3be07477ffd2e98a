// SOP, "Prerequisites": CHANGELOG.md updated (version, changes, breaking changes).
#include <fmt/format.h>

#include <algorithm>

#include "common/clients/git.h"
#include "common/clients/git_history.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/documentation/changelog_section.h"
#include "tools/precheck/documentation/document.h"
#include "tools/precheck/documentation/last_release.h"
#include "tools/precheck/documentation/version.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// Why the release needs a part on breaking changes; empty: nothing says so. What cannot be told throws Error{unknown}.
std::string breaking_commit(const std::string& release) {
  const auto tree = git::working_tree_of(fs::current_path());
  const auto head = git::look(fs::current_path());
  if (!tree || !head)
    throw Error(ExitCode::unknown, "there is no git repository to look for breaking commits in",
                "Run precheck in the checkout of the release.");
  const auto last = last_version(git::commit_tags(tree->repository), release);
  if (!last)
    throw Error(ExitCode::unknown, "no tag names the release before: commits since then are not known",
                "Fetch the tags with the history: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab).");
  for (const auto& commit : git::commits_between(tree->repository, last->commit, head->commit)) {
    if (commit.is_breaking())
      return fmt::format("commit {} since {} is breaking: '{}'", commit.name.substr(0, 12), printable(last->name, 60),
                         printable(commit.subject(), 100));
  }
  return "";
}

std::string why_breaking(const std::string& release, const ChangelogSection& section) {
  const auto own = parse_version(release);
  const auto before = parse_version(section.previous_release);
  if (own && before && own->major > before->major)
    return fmt::format("{} is a new major version after {}", printable(release, 60),
                       printable(section.previous_release, 60));
  return breaking_commit(release);
}

Observation observe(const Look& look) {
  const auto document = read_document(look.config().precheck().documentation.changelog, "changelog");
  const auto& release = look.release().version;
  Observation seen{.outcome = Outcome::warn, .evidence = {document.evidence}};
  const auto section = changelog_section(document.text, release);
  if (!section) {
    seen.observed = Measured(0, "entries");
    seen.message = fmt::format("no section of {} in '{}'", printable(release, 60), printable(document.name, 200));
    return seen;
  }
  seen.observed = Measured(section->entries, "entries");
  seen.message = fmt::format("section '{}'", printable(section->heading, 100));
  if (section->entries == 0) return seen;
  if (section->breaking > 0) {
    seen.outcome = Outcome::pass;
    seen.message += fmt::format(", {} on breaking changes", section->breaking);
    return seen;
  }
  try {
    const auto why = why_breaking(release, *section);
    seen.outcome = why.empty() ? Outcome::pass : Outcome::warn;
    if (!why.empty()) seen.message += "; nothing on breaking changes, though " + why;
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    seen.outcome = Outcome::unknown;
    seen.message += fmt::format("; whether it lacks breaking changes is not known: {}", error.what());
    seen.recovery = {error.hint()};
  }
  return seen;
}

}  // namespace

extern const Check changelog{
    .id = "changelog",
    .sop = "Pre",
    .title = "Changelog",
    .expected = [](const Config&) { return Expected(">=", Measured(1, "entries"), "breaking changes named"); },
    .observe = observe};

}  // namespace baton::precheck
