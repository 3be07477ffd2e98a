// SOP, "Prerequisites": Runbook updated (troubleshooting guide). One that needed no change is a person's word.
#include <fmt/format.h>

#include "common/clients/git.h"
#include "common/clients/git_history.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/documentation/last_release.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// As the repository names it. Throws Error{usage} on one outside.
std::string path_in(const fs::path& root, const std::string& path) {
  const auto within = fs::absolute(path).lexically_normal().lexically_relative(root);
  if (within.empty() || *within.begin() == "..")
    throw Error(ExitCode::unknown, "'" + printable(path, 200) + "' is not in this checkout",
                "Name a file of the repository in precheck.documentation.runbook.");
  return within.generic_string();
}

Observation observe(const Look& look) {
  const auto& path = look.config().precheck().documentation.runbook;
  const auto tree = git::working_tree_of(fs::current_path());
  const auto head = git::look(fs::current_path());
  if (!tree || !head)
    throw Error(ExitCode::unknown, "there is no git repository to look for changes of the runbook in",
                "Run precheck in the checkout of the release.");
  const auto last = last_stable(git::commit_tags(tree->repository), look.release().version);
  if (!last)
    throw Error(ExitCode::unknown, "no tag names the release before: whether the runbook changed is not known",
                "Fetch the tags with the history: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab).");
  const auto within = path_in(tree->root, path);
  const auto now = git::entry_at(tree->repository, head->commit, within);
  const auto shown = printable(path, 200);
  const auto since = printable(last->name, 60);
  if (!now)
    return {.outcome = Outcome::warn, .observed = "absent", .message = fmt::format("'{}' is not committed", shown)};
  const auto before = git::entry_at(tree->repository, last->commit, within);
  if (now != before)
    return {.outcome = Outcome::pass,
            .observed = before ? "changed" : "new",
            .message = fmt::format("'{}' since {}", shown, since)};
  return {.outcome = Outcome::warn,
          .observed = "unchanged",
          .message = fmt::format("'{}' since {}", shown, since),
          .recovery = {"Update the runbook, or attest in attestations.yaml (box: runbook) that it needs no change."}};
}

}  // namespace

extern const Check runbook{
    .id = "runbook",
    .sop = "Pre",
    .title = "Runbook",
    .expected = [](const Config&) { return Expected("changed since the last stable tag, or attested"); },
    .needs = "precheck.documentation.runbook",
    .is_attestable = true,
    .observe = observe};

}  // namespace baton::precheck
