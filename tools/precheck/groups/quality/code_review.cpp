// SOP 1.1, "Code review score >= 90/100": a score in a file, approvals on the forge, SonarQube's gate; what is
// configured must all hold.
#include <algorithm>

#include "common/clients/sonarqube/client.h"
#include "common/config/sections/precheck.h"
#include "common/core/number.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/forge_look.h"
#include "tools/precheck/look.h"
#include "tools/precheck/score_file.h"
#include "tools/precheck/worst.h"

namespace baton::precheck {
namespace {

constexpr double kMost = 100;

Expected expected(const Config& config) {
  const auto& quality = config.precheck().quality;
  if (quality.review_file.empty() && !quality.review_forge.empty())
    return {">=", Measured(quality.review_approvals, "approvals")};
  if (quality.review_file.empty() && !quality.sonarqube.at.url.empty()) return "quality gate OK";
  return {">=", Measured(quality.review_min, "/100")};
}

Observation by_file(const Look& look) {
  const auto& quality = look.config().precheck().quality;
  const auto score = read_score(look, quality.review_file, quality.review_pointer);
  Observation seen{.observed = Measured(score.value, "/100"), .evidence = {score.evidence}};
  if (score.value < 0 || score.value > kMost) {
    seen.message = "a score of " + number_text(score.value) + " is none of 0 to 100";
    return seen;
  }
  seen.outcome = score.value >= quality.review_min ? Outcome::pass : Outcome::fail;
  seen.message = "scored " + number_text(score.value) + " of 100 in '" + score.evidence.name + "'";
  return seen;
}

Observation by_pull(const forge::Pull& pull, int wanted) {
  const auto count = static_cast<int>(pull.approvers.size());
  Observation seen{.outcome = count >= wanted ? Outcome::pass : Outcome::fail,
                   .observed = Measured(count, "approvals"),
                   .message = pull.name + " is approved by " + (count == 0 ? "nobody" : join(pull.approvers, ", "))};
  if (!pull.objectors.empty()) {
    seen.outcome = Outcome::fail;
    seen.message += "; " + join(pull.objectors, ", ") + " asked for changes";
  }
  if (!pull.is_merged) {
    seen.outcome = Outcome::fail;
    seen.message += "; it is not merged";
  }
  return seen;
}

/// A commit may have come by several merged requests (a branch of a branch): one of them must be reviewed well.
Observation by_forge(const Look& look) {
  const auto& quality = look.config().precheck().quality;
  const auto forge = forge_of(look, quality.review_forge);
  const auto commit = release_commit(look);
  const auto pulls = forge->pulls_of(commit, look.stop());
  if (pulls.empty()) {
    return {.outcome = Outcome::fail,
            .observed = Measured(0, "approvals"),
            .message = std::string(forge->title()) + " knows no request that brought " + commit.substr(0, 12) +
                       ": nobody reviewed it there",
            .recovery = {"Bring the commit by a reviewed pull or merge request."}};
  }
  std::vector<Observation> seen;
  for (const auto& pull : pulls) seen.push_back(by_pull(pull, quality.review_approvals));
  return *std::ranges::min_element(seen, {}, [](const Observation& one) { return weight(one.outcome); });
}

Observation by_sonarqube(const Look& look) {
  const auto& [at, project] = look.config().precheck().quality.sonarqube;
  auto http = look.http_to(at, "precheck.quality.review.sonarqube");
  const auto gate =
      sonarqube::ask_gate(http, {.url = at.url, .token = at.token, .headers = at.headers}, project, look.stop());
  Observation seen{.observed = gate.status,
                   .message = "SonarQube's quality gate of " + project + " is " + gate.status +
                              in_brackets(join(gate.violations, "; "))};
  const auto commit = release_commit(look);
  if (gate.revision != commit) {
    seen.message = "SonarQube judged " + (gate.revision.empty() ? "a commit it does not name" : gate.revision) +
                   " last, the release is " + commit;
    seen.recovery = {"Let the pipeline analyse the release's commit, and wait for the gate."};
    return seen;
  }
  if (gate.status == "OK") seen.outcome = Outcome::pass;
  if (gate.status == "WARN") seen.outcome = Outcome::warn;
  if (gate.status == "ERROR") seen.outcome = Outcome::fail;
  return seen;
}

/// What one source cannot tell takes nothing from what another one did.
Observation asked(Observation (*ask)(const Look&), const Look& look) {
  try {
    return ask(look);
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    Observation seen{.message = error.what()};
    if (!error.hint().empty()) seen.recovery = {error.hint()};
    return seen;
  }
}

Observation observe(const Look& look) {
  const auto& quality = look.config().precheck().quality;
  std::vector<Observation> all;
  if (!quality.review_file.empty()) all.push_back(asked(by_file, look));
  if (!quality.review_forge.empty()) all.push_back(asked(by_forge, look));
  if (!quality.sonarqube.at.url.empty()) all.push_back(asked(by_sonarqube, look));
  if (!all.empty()) return worst_of(std::move(all));
  return {.outcome = Outcome::skipped,
          .message = "not configured: precheck.quality.review.file, .forge or .sonarqube",
          .recovery = {"Name where the review is written down, or say in precheck.not_applicable who looked."}};
}

}  // namespace

extern const Check code_review{.id = "code-review",
                               .sop = "1.1",
                               .title = "Code review",
                               .expected = expected,
                               .critical = true,
                               .observe = observe};

}  // namespace baton::precheck
