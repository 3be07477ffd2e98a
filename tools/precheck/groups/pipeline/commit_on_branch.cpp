// SOP, "Code Readiness": code merged to `main` (or release branch). The forge is asked, so that a shallow clone or a
// branch that was never fetched says nothing.
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/forge_look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto forge = forge_around(look, "precheck.branch");
  if (!forge) return no_forge();
  const auto& branch = look.config().precheck().branch;
  const auto commit = release_commit(look);
  const bool is_on = forge->is_on_branch(commit, branch, look.stop());
  const auto name = "'" + printable(branch, 100) + "' on " + std::string(forge->title());
  if (is_on) return {.outcome = Outcome::pass, .observed = commit, .message = commit.substr(0, 12) + " is on " + name};
  return {
      .outcome = Outcome::fail,
      .observed = commit,
      .message = commit.substr(0, 12) + " is not on " + name + ": the release holds code that was never merged there",
      .recovery = {"Merge the commit into the branch that is released from, or name that branch in precheck.branch.",
                   "Run baton-precheck again."}};
}

}  // namespace

extern const Check commit_on_branch{
    .id = "commit-on-branch",
    .sop = "1.1",
    .title = "Code merged",
    .expected = [](const Config& config) { return Expected("on '" + config.precheck().branch + "'"); },
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
