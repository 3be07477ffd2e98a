// A step verb: who goes first, what is written before the act, and what is handed on.
#include "common/step/flow.h"

#include <algorithm>
#include <iterator>

#include "common/cli/errors.h"
#include "common/config/sections/run.h"
#include "common/core/error.h"
#include "common/step/carrier.h"
#include "common/step/decision.h"
#include "common/step/deployment_id.h"
#include "common/step/lock.h"
#include "common/step/own_handoff.h"
#include "common/step/previous_step.h"
#include "common/step/snapshot.h"
#include "common/step/traces.h"

namespace baton {
namespace {

class Flow {
 public:
  explicit Flow(Invocation& invocation) : invocation_(invocation), env_(invocation.env), folder_(env_.dir) {}

  /// A run that is refused for what it was told leaves the folder as it was.
  Record run() {
    if (!may_be_carried()) require_release();
    if (env_.is_dry_run()) return run_alone();
    Traces traces(folder_, step());
    folder_.make();
    const FileLock lock = lock_step(invocation_);
    traces.note_own();
    try {
      return run_alone();
    } catch (const Error& error) {
      if (error.code() == ExitCode::usage) traces.remove();
      throw;
    }
  }

 private:
  const std::string& step() const { return invocation_.table.step; }
  const RunConfig& options() const { return invocation_.config().run(); }
  /// Nobody comes before this step.
  bool begins_deployment() const { return previous_step_.empty(); }

  bool may_be_carried() const { return invocation_.table.carrier.fetch != nullptr; }
  std::optional<Record> take_carried();
  void put_carried(const StepResult& result) const {
    if (const auto put = invocation_.table.carrier.put) put(env_, step(), folder_, result);
  }
  Record run_alone();
  void require_release() const;
  void identify();
  StepAction decide() const;
  bool is_same_policy() const;
  bool is_confirmed() const;
  bool is_signed_as_trusted() const;
  bool follows_previous_file() const;
  Record kept() const;
  void join_deployment();
  void take_up_own();
  Record act();
  Record fail(OwnHandoff& own, const Error& error);
  Record conclude(OwnHandoff& own, StepResult result);
  Record record_of(const StepResult& result, ExitCode code, const WrittenHandoff& written) const;

  Invocation& invocation_;
  Env& env_;
  HandoffFolder folder_;
  std::optional<Snapshot> found_ = {};
  std::optional<Handoff> own_ = {};  ///< the file that an earlier run left
  std::string previous_step_ = {};
  std::optional<Previous> previous_ = {};
};

/// One page: read the folder once, decide, take part in the deployment, act, hand on.
Record Flow::run_alone() {
  found_.emplace(folder_);
  if (auto answer = take_carried()) return *answer;
  own_ = found_->handoff(step());
  if (env_.release.version.empty()) env_.release.version = adhoc_version(own_, *found_, step(), env_.started_at);
  previous_step_ = previous_step(invocation_, *found_);
  if (begins_deployment()) identify();
  switch (decide()) {
    case StepAction::keep:
      return kept();
    case StepAction::begin:
      env_.release.id = new_deployment_id(env_.started_at);
      break;
    case StepAction::go_on:
      env_.release.id = own_->release.id;
      break;
    case StepAction::join:
      join_deployment();
      break;
  }
  take_up_own();
  return act();
}

void Flow::require_release() const {
  if (!env_.release.version.empty() || options().standalone) return;
  throw Error(ExitCode::usage, "there is no release: no --release, no tag of the CI, no exact git tag",
              "Pass --release VERSION, or tag the commit.");
}

/// The answer, where there is nothing to do. What is carried is laid into the folder and read like any other file.
std::optional<Record> Flow::take_carried() {
  if (!may_be_carried()) return std::nullopt;
  auto carried = invocation_.table.carrier.fetch(env_, step(), *found_);
  if (carried.answer) return record_of(*carried.answer, exit_code(carried.answer->verdict), {});
  if (!carried.id.empty()) {
    // Whatever this job has checked out: the release is older.
    env_.release.version = carried.version;
    env_.release.commit.clear();
  }
  if (!carried.files.empty() && !env_.is_dry_run()) folder_.move_others_away(found_->handoffs(), carried.id);
  for (const auto& [name, bytes] : carried.files) {
    if (!env_.is_dry_run()) write_file(Inside{folder_.dir(), name}, bytes);
  }
  if (!carried.files.empty()) found_->lay(carried.files);
  require_release();
  return std::nullopt;
}

void Flow::identify() {
  if (invocation_.table.identify) env_.identity = invocation_.table.identify(env_);
}

StepAction Flow::decide() const {
  StepFacts facts{.asked = env_.release,
                  .image_sha256 = env_.identity.subject.sha256,
                  .own = own_,
                  .begins_deployment = begins_deployment(),
                  .has_later_step = found_->has_later_than(step()),
                  .follows_previous = follows_previous_file(),
                  .database = env_.identity.target.database,
                  .now = env_.started_at};
  if (const StepAction action = decide_step(facts); action != StepAction::keep) return action;
  // Only of a file that would be kept is it asked whether it may be believed: another one's is no news. The world last.
  facts.is_same_policy = is_same_policy();
  facts.is_own_trusted = facts.is_same_policy && is_signed_as_trusted();
  facts.is_confirmed = facts.is_own_trusted && is_confirmed();
  return decide_step(facts);
}

bool Flow::follows_previous_file() const {
  if (!own_ || begins_deployment() || found_->digest(previous_step_) != own_->previous_sha256) return false;
  const std::string digest = digest_by_other_channel(invocation_, previous_step_);
  return digest.empty() || digest == own_->previous_sha256;
}

bool Flow::is_same_policy() const {
  if (own_->policy_sha256 == invocation_.loaded.policy_sha256()) return true;
  env_.log.info("the configuration has changed since " + step() + " ended at " + to_rfc3339(own_->finished_at) +
                ": it is looked at again");
  return false;
}

/// A dry run answers from a look alone.
bool Flow::is_confirmed() const {
  const auto& ask = invocation_.table.is_confirmed;
  return ask && !env_.is_dry_run() && ask(env_, *own_);
}

/// Where keys are trusted, our own file is no better than any other.
bool Flow::is_signed_as_trusted() const {
  const std::vector<TrustKey> trust = trusted_keys(invocation_.loaded);
  if (trust.empty()) return true;
  const PreviousFile& file = found_->file(step());
  try {
    return file.bundle && !verify_bundle(*file.bundle, *file.bytes, trust, step()).empty();
  } catch (const Error& error) {
    env_.log.warning(error.what());
    return false;
  }
}

Record Flow::kept() const {
  const PreviousFile& file = found_->file(step());
  env_.release = own_->release;
  StepResult result{.verdict = own_->verdict,
                    .findings = own_->findings,
                    .state = own_->state,
                    .summary = step() + " ended at " + to_rfc3339(own_->finished_at) + "; nothing was done again"};
  const bool is_strict_stop = own_->verdict == Verdict::caution && own_->observed.empty() && options().strict;
  put_carried(result);
  Record record = record_of(result, is_strict_stop ? ExitCode::stop : exit_code(own_->verdict),
                            {.path = file.name, .sha256 = found_->digest(step())});
  record.observed = own_->observed;
  record.is_kept = true;
  return record;
}

void Flow::join_deployment() {
  // The hook that looks for an unfinished intent needs the id before the file is proved to be ours.
  if (const auto& bytes = found_->file(previous_step_).bytes) {
    const Json file = parse_handoff_json(*bytes, found_->file(previous_step_).name);
    const Json& id = file["predicate"]["release"]["id"];
    env_.release.id = id.is_string() ? id.string() : "";
  }
  identify();
  previous_ = read_previous_step(invocation_, *found_, previous_step_);
  env_.release.id = previous_->handoff.release.id;
  if (env_.release.commit.empty()) env_.release.commit = previous_->handoff.release.commit;
  env_.previous = previous_->handoff;
  env_.earlier = previous_->earlier;
  env_.earlier.push_back(previous_->handoff);
  if (env_.run.pipeline_started_at.empty()) env_.run.pipeline_started_at = previous_->handoff.run.pipeline_started_at;
}

/// What an earlier run of this step left: gone on with when it is this deployment's, moved away when not.
void Flow::take_up_own() {
  if (env_.run.pipeline_started_at.empty()) env_.run.pipeline_started_at = to_rfc3339(env_.started_at);
  const bool is_ours = own_ && own_->release.id == env_.release.id;
  const bool is_believed = is_ours && !is_on_other_database(*own_, env_.identity.target.database);
  if (is_believed && is_signed_as_trusted()) env_.resumed = own_;
  if (env_.is_dry_run()) return;
  folder_.move_others_away(found_->handoffs(), env_.release.id);
  if (is_ours && own_->verdict != Verdict::again) folder_.keep_attempt(step(), *found_->file(step()).bytes);
}

Record Flow::act() {
  OwnHandoff own(invocation_, folder_, previous_, env_.resumed);
  env_.save_state = [&own](const Json& state) { own.save_state(state); };
  env_.log_line = [&own](const std::string& text) { own.add_log_line(text); };
  own.begin();
  try {
    return conclude(own, invocation_.verb.run(env_));
  } catch (const Error& error) {
    return fail(own, error);
  } catch (const std::exception& fault) {
    return fail(own, internal_error(fault));
  }
}

Record Flow::fail(OwnHandoff& own, const Error& error) {
  const ExitCode code = invocation_.code_of(error);
  if (code == ExitCode::usage && !own.has_saved()) throw error;
  StepResult result{.verdict = verdict_after(code), .state = own.state()};
  if (options().observe && result.verdict != Verdict::again) {
    log_error(env_.log, error);
    return conclude(own, std::move(result));
  }
  Record record = record_of(result, code, own.finish(result, result.verdict, ""));
  record.error = Error(code, error.what(), error.hint());
  return record;
}

Record Flow::conclude(OwnHandoff& own, StepResult result) {
  const bool is_over = result.verdict != Verdict::again && result.verdict != Verdict::superseded;
  std::string observed;
  if (options().observe && is_over) {
    observed = verdict_name(result.verdict);
    result.verdict = Verdict::caution;
    result.code.reset();
  } else if (options().strict && result.verdict == Verdict::caution) {
    result.verdict = Verdict::stop;
  }
  const ExitCode code = result.code ? *result.code : invocation_.with_stop(exit_code(result.verdict));
  const WrittenHandoff written = own.finish(result, result.verdict, observed);
  put_carried(result);
  Record record = record_of(result, code, written);
  record.observed = observed;
  return record;
}

Record Flow::record_of(const StepResult& result, ExitCode code, const WrittenHandoff& written) const {
  return {.step = step(),
          .verb = std::string(invocation_.verb.name),
          .kind = VerbKind::step,
          .release = env_.release,
          .result = result,
          .code = code,
          .handoff_path = written.path,
          .handoff_sha256 = written.sha256,
          .is_dry_run = env_.is_dry_run(),
          .started_at = env_.started_at,
          .finished_at = invocation_.clock.now()};
}

}  // namespace

Record run_step(Invocation& invocation) { return Flow(invocation).run(); }

}  // namespace baton
