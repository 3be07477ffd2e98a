// SOP, "Infrastructure Readiness": the pipeline of the release's commit ended well, by the forge's own word.
#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/forge_look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kShown = 8;

std::vector<std::string> those(const std::vector<forge::Job>& all, forge::Job::State state) {
  std::vector<std::string> names;
  for (const auto& job : all) {
    if (job.state == state) names.push_back(job.name + in_brackets(job.word));
  }
  return names;
}

std::string shown(std::vector<std::string> names) {
  const auto count = names.size();
  if (count > kShown) names.resize(kShown);
  return join(names, ", ") + (count > kShown ? " and " + std::to_string(count - kShown) + " more" : "");
}

Observation judged(const forge::Jobs& jobs, const std::string& whose) {
  const auto good = those(jobs.all, forge::Job::State::good);
  const auto counts = std::to_string(good.size()) + "/" + std::to_string(jobs.all.size());
  Observation seen{.observed = counts};
  if (const auto bad = those(jobs.all, forge::Job::State::bad); !bad.empty()) {
    seen.outcome = Outcome::fail;
    seen.message = "did not end well: " + shown(bad);
  } else if (const auto open = those(jobs.all, forge::Job::State::open); !open.empty()) {
    seen.message = "not over yet: " + shown(open);
    seen.recovery = {"Wait until they are over, and run baton-precheck again."};
  } else if (const auto absent = those(jobs.all, forge::Job::State::absent); !absent.empty()) {
    seen.message = "required, and never reported: " + shown(absent);
  } else {
    seen.outcome = Outcome::pass;
    seen.message = counts + " " + whose + " ended well";
  }
  return seen;
}

Observation observe(const Look& look) {
  const auto forge = forge_around(look, "precheck.branch");
  if (!forge) return no_forge();
  const auto& branch = look.config().precheck().branch;
  const auto commit = release_commit(look);
  const auto jobs = forge->jobs_of(commit, branch, look.stop());
  if (jobs.all.empty()) {
    return {.message = std::string(forge->title()) + " ran nothing for " + commit.substr(0, 12) +
                       " but this job: there is nothing that could have ended well",
            .recovery = {"Let the pipeline run for the release's commit."}};
  }
  return judged(jobs, jobs.are_required ? "required checks" : "checks");
}

}  // namespace

extern const Check required_checks{
    .id = "required-checks",
    .sop = "1.1",
    .title = "Pipeline",
    .expected = [](const Config&) { return Expected("every required check ended well"); },
    .observe = observe};

}  // namespace baton::precheck
