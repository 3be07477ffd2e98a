// A step verb: who goes first, what is written before the act, and what is handed on.
#include "common/step/flow.h"

#include <algorithm>
#include <array>

#include "common/cli/errors.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/step/lock.h"
#include "common/step/own_handoff.h"
#include "common/step/previous_step.h"

namespace baton {
namespace {

/// What a step leaves when it ends with an error: a yes or no that is certain, or a file that can be run again.
struct ErrorVerdict {
  ExitCode code;
  Verdict verdict;
};

constexpr auto kErrorVerdicts = std::to_array<ErrorVerdict>({
    {ExitCode::error, Verdict::unknown},
    {ExitCode::unknown, Verdict::unknown},
    {ExitCode::stop, Verdict::stop},
    {ExitCode::rolled_back, Verdict::rolled_back},
    {ExitCode::rollback_failed, Verdict::rollback_failed},
});

Verdict verdict_after(ExitCode code) {
  const auto* const row = std::ranges::find(kErrorVerdicts, code, &ErrorVerdict::code);
  return row == kErrorVerdicts.end() ? Verdict::again : row->verdict;
}

/// Verdicts after which a step has nothing left to do; the others are attempts or pauses.
bool is_final(Verdict verdict) {
  constexpr std::array kFinal = {Verdict::proceed, Verdict::caution, Verdict::rolled_back, Verdict::rollback_failed,
                                 Verdict::superseded};
  return std::ranges::find(kFinal, verdict) != kFinal.end();
}

bool is_same_release(const Release& a, const Release& b) {
  return a.app == b.app && a.version == b.version && a.environment == b.environment;
}

/// Two digests that are both known and differ.
bool is_other_image(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

std::string new_id(Time now) { return to_compact_stamp(now) + "-" + random_hex(4); }

class Flow {
 public:
  explicit Flow(Invocation& invocation) : invocation_(invocation), env_(invocation.env), folder_(env_.dir) {}

  Record run() {
    // Read late and in a hurry: a missing webhook shall not be found out then.
    invocation_.loaded.need("notify");
    env_.release = release();
    std::optional<FileLock> lock;
    if (!env_.is_dry_run()) {
      fs::create_directories(env_.dir);
      lock = lock_step(invocation_);
    }
    own_ = folder_.read(step());
    previous_step_ = previous_step(invocation_, folder_);
    if (begins_deployment()) identify();
    if (is_done()) return kept();
    begins_deployment() ? begin_deployment() : join_deployment();
    take_up_own();
    return act();
  }

 private:
  const std::string& step() const { return invocation_.table.step; }
  const RunConfig& options() const { return invocation_.config().run; }
  bool begins_deployment() const { return previous_step_.empty(); }

  Release release();
  std::string adhoc_version() const;
  void identify();
  bool is_done() const;
  bool is_signed_as_trusted() const;
  bool follows_previous_file() const;
  Record kept() const;
  void begin_deployment();
  void join_deployment();
  void take_up_own();
  Record act();
  Record fail(OwnHandoff& own, const Error& error);
  Record conclude(OwnHandoff& own, StepResult result);
  Record record_of(const StepResult& result, ExitCode code) const;

  Invocation& invocation_;
  Env& env_;
  HandoffFolder folder_;
  std::optional<Handoff> own_ = {};  ///< the file that an earlier run left
  std::string previous_step_ = {};
  std::optional<Previous> previous_ = {};
};

Release Flow::release() {
  Release found = env_.release;
  if (found.version.empty() && options().standalone) found.version = adhoc_version();
  if (!found.version.empty()) return found;
  throw Error(ExitCode::usage, "there is no release: no --release, no tag of the CI, no exact git tag",
              "Pass --release VERSION, or tag the commit.");
}

/// An ad hoc deployment that was begun and not ended here is gone on with; else it is a new one.
std::string Flow::adhoc_version() const {
  const auto is_adhoc = [](const std::optional<Handoff>& handoff) {
    return handoff && handoff->release.version.starts_with("adhoc-");
  };
  const auto own = folder_.read(step());
  if (is_adhoc(own) && !is_final(own->verdict)) return own->release.version;
  std::string version = "adhoc-" + to_compact_stamp(env_.started_at);
  for (const std::string_view other : kSteps) {
    if (step_number(other) >= step_number(step())) break;
    if (const auto earlier = folder_.read(other); is_adhoc(earlier)) version = earlier->release.version;
  }
  return version;
}

void Flow::identify() {
  if (invocation_.table.identify) env_.identity = invocation_.table.identify(env_);
}

bool Flow::follows_previous_file() const {
  const auto bytes = folder_.previous_file(previous_step_).bytes;
  if (!bytes || sha256_hex(*bytes) != own_->previous_sha256) return false;
  const std::string digest = digest_by_other_channel(invocation_, previous_step_);
  return digest.empty() || digest == own_->previous_sha256;
}

/// Where keys are trusted, our own file is no better than any other.
bool Flow::is_signed_as_trusted() const {
  const std::vector<TrustKey> trust = trusted_keys(invocation_.loaded);
  if (trust.empty()) return true;
  const PreviousFile file = folder_.previous_file(step());
  try {
    return file.bundle && !verify_bundle(*file.bundle, *file.bytes, trust, step()).empty();
  } catch (const Error& error) {
    env_.log.warning(error.what());
    return false;
  }
}

bool Flow::is_done() const {
  if (!own_ || !is_final(own_->verdict) || !is_same_release(own_->release, env_.release)) return false;
  if (own_->expires_at && *own_->expires_at < env_.started_at) return false;
  const bool is_current = begins_deployment() ? !folder_.has_later_than(step()) &&
                                                    !is_other_image(own_->subject.sha256, env_.identity.subject.sha256)
                                              : follows_previous_file();
  return is_current && is_signed_as_trusted();
}

Record Flow::kept() const {
  const PreviousFile file = folder_.previous_file(step());
  env_.release = own_->release;
  StepResult result{.verdict = own_->verdict,
                    .findings = own_->findings,
                    .state = own_->state,
                    .summary = step() + " ended at " + to_rfc3339(own_->finished_at) + "; nothing was done again"};
  const bool is_strict_stop = own_->verdict == Verdict::caution && own_->observed.empty() && options().strict;
  Record record = record_of(result, is_strict_stop ? ExitCode::stop : exit_code(own_->verdict));
  record.observed = own_->observed;
  record.handoff_path = file.name;
  record.handoff_sha256 = sha256_hex(*file.bytes);
  record.is_kept = true;
  return record;
}

void Flow::begin_deployment() {
  const bool goes_on = own_ && is_same_release(own_->release, env_.release) && !folder_.has_later_than(step()) &&
                       !is_other_image(own_->subject.sha256, env_.identity.subject.sha256);
  env_.release.id = goes_on ? own_->release.id : new_id(env_.started_at);
}

void Flow::join_deployment() {
  // The hook that looks for an unfinished intent needs the id before the file is proved to be ours.
  if (const auto bytes = folder_.previous_file(previous_step_).bytes) {
    const Json file = parse_handoff_json(*bytes, folder_.file(previous_step_).string());
    const Json& id = file["predicate"]["release"]["id"];
    env_.release.id = id.is_string() ? id.string() : "";
  }
  identify();
  previous_ = read_previous_step(invocation_, folder_, previous_step_);
  env_.release.id = previous_->handoff.release.id;
  env_.previous = previous_->handoff;
  env_.earlier = previous_->earlier;
  env_.earlier.push_back(previous_->handoff);
  if (env_.run.pipeline_started_at.empty()) env_.run.pipeline_started_at = previous_->handoff.run.pipeline_started_at;
}

/// What an earlier run of this step left: gone on with when it is this deployment's, moved away when not.
void Flow::take_up_own() {
  if (env_.run.pipeline_started_at.empty()) env_.run.pipeline_started_at = to_rfc3339(env_.started_at);
  if (own_ && own_->release.id == env_.release.id) env_.resumed = own_;
  if (env_.is_dry_run()) return;
  folder_.move_others_away(env_.release.id);
  if (env_.resumed && env_.resumed->verdict != Verdict::again) folder_.keep_attempt(step());
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
  StepResult result{.verdict = verdict_after(code), .state = own.state()};
  if (options().observe && result.verdict != Verdict::again) {
    log_error(env_.log, error);
    return conclude(own, std::move(result));
  }
  const WrittenHandoff written = own.finish(result, result.verdict, "");
  Record record = record_of(result, code);
  record.error = Error(code, error.what(), error.hint());
  record.handoff_path = written.path;
  record.handoff_sha256 = written.sha256;
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
  Record record = record_of(result, code);
  record.observed = observed;
  record.handoff_path = written.path;
  record.handoff_sha256 = written.sha256;
  return record;
}

Record Flow::record_of(const StepResult& result, ExitCode code) const {
  return {.step = step(),
          .verb = std::string(invocation_.verb.name),
          .kind = VerbKind::step,
          .release = env_.release,
          .result = result,
          .code = code,
          .is_dry_run = env_.is_dry_run(),
          .started_at = env_.started_at,
          .finished_at = invocation_.clock.now()};
}

}  // namespace

Record run_step(Invocation& invocation) { return Flow(invocation).run(); }

}  // namespace baton
