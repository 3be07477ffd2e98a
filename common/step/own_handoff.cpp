// Builds and writes our own handoff.
#include "common/step/own_handoff.h"

#include "common/config/loaded.h"
#include "common/config/sections/handoff.h"
#include "common/config/sections/signing.h"
#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/core/version.h"
#include "common/step/deployment_log.h"

namespace baton {
namespace {

Handoff draft_of(const Invocation& invocation, const std::optional<Previous>& previous) {
  const View& env = invocation.env;
  Handoff draft{.step = invocation.table.step,
                .subject = env.identity.subject,
                .release = env.release,
                .targets = {env.identity.target},
                .policy_sha256 = invocation.loaded.policy_sha256(),
                .policy_overrides = invocation.loaded.overridden(),
                .standalone = env.is_standalone(),
                .run = env.run,
                .tool_name = invocation.table.executable(),
                .tool_version = std::string(kVersion),
                .started_at = env.started_at,
                .finished_at = env.started_at};
  if (draft.subject.name.empty()) draft.subject.name = env.release.app + ":" + env.release.version;
  if (!previous) return draft;
  draft.previous_step = previous->handoff.step;
  draft.previous_sha256 = previous->sha256;
  draft.not_compared = previous->not_compared;
  return draft;
}

/// The key may be PEM text or a path to it; an error never shows it.
std::optional<SigningKey> signing_key(const LoadedConfig& loaded) {
  const std::string& key = loaded.values.signing().key;
  if (key.empty()) return std::nullopt;
  return SigningKey(key.find("-----BEGIN") != std::string::npos ? key : read_file(key, 1U << 16U));
}

}  // namespace

OwnHandoff::OwnHandoff(Invocation& invocation, const HandoffFolder& folder, const std::optional<Previous>& previous,
                       const std::optional<Handoff>& resumed)
    : invocation_(invocation),
      folder_(folder),
      key_(signing_key(invocation.loaded)),
      draft_(draft_of(invocation, previous)) {
  if (!resumed) return;
  draft_.state = resumed->state;
  log_ = log_lines(*resumed);
}

void OwnHandoff::begin() {
  const std::lock_guard lock(mutex_);
  write_again();
}

void OwnHandoff::save_state(const Json& state) {
  const std::lock_guard lock(mutex_);
  draft_.state = state;
  has_saved_ = true;
  write_again();
}

void OwnHandoff::add_log_line(const std::string& text) {
  const std::lock_guard lock(mutex_);
  has_saved_ = true;
  log_.push_back("[" + to_log_stamp(invocation_.clock.now()) + "] " + printable(text));
  write_again();
}

/// A line or a state that is not on disk is lost with a kill: each is written at once.
void OwnHandoff::write_again() {
  if (invocation_.env.is_dry_run()) return;
  draft_.verdict = Verdict::again;
  draft_.state = with_log(draft_.state);
  draft_.finished_at = invocation_.clock.now();
  write(to_bytes(draft_));
}

/// The bundle goes first: after a kill between the two the file before is not signed, and counts for nothing.
void OwnHandoff::write(const std::string& bytes) const {
  if (key_) write_file(inside(folder_.dir(), folder_.bundle(draft_.step)), key_->sign_bundle(bytes));
  write_file(inside(folder_.dir(), folder_.file(draft_.step)), bytes);
}

void OwnHandoff::copy_into(const Inside& archive) const {
  for (const fs::path& file : {folder_.bundle(draft_.step), folder_.file(draft_.step)}) {
    const auto bytes = read_file_if_exists(inside(folder_.dir(), file));
    if (bytes) write_file(Inside{archive.folder, archive.name / file.filename()}, *bytes);
  }
}

Json OwnHandoff::with_log(Json state) const {
  if (log_.empty()) return state;
  Json lines = Json::array();
  for (const std::string& line : log_) lines.push_back(line);
  state["log"] = lines;
  return state;
}

void OwnHandoff::write_log_file(std::vector<fs::path>& artifacts) const {
  const std::string text = deployment_log(invocation_.env.earlier, log_);
  if (text.empty()) return;
  artifacts.push_back(folder_.dir() / ("deployment-log-" + draft_.release.version + ".txt"));
  write_file(inside(folder_.dir(), artifacts.back()), text);
}

std::optional<Time> OwnHandoff::expiry(const StepResult& result, Time finished_at) const {
  if (result.expires_at) return result.expires_at;
  if (draft_.step == "precheck") return finished_at + invocation_.config().handoff().precheck_valid;
  if (draft_.step == "migrate") return finished_at + invocation_.config().handoff().migrate_valid;
  return std::nullopt;
}

WrittenHandoff OwnHandoff::finish(const StepResult& result, Verdict verdict, const std::string& observed) {
  const std::lock_guard lock(mutex_);
  if (invocation_.env.is_dry_run()) return {};
  std::vector<fs::path> artifacts = result.artifacts;
  write_log_file(artifacts);
  draft_.verdict = verdict;
  draft_.observed = observed;
  draft_.subject = invocation_.env.identity.subject.name.empty() ? draft_.subject : invocation_.env.identity.subject;
  draft_.targets = {invocation_.env.identity.target};
  draft_.findings = result.findings;
  draft_.evidence = result.evidence;
  draft_.state = with_log(result.state.size() == 0 ? draft_.state : result.state);
  draft_.artifacts.clear();
  for (const fs::path& path : artifacts) {
    const Inside file = inside(folder_.dir(), path);
    draft_.artifacts.push_back({file.name.generic_string(), sha256_hex(read_file(file))});
  }
  draft_.finished_at = invocation_.clock.now();
  draft_.expires_at = expiry(result, draft_.finished_at);
  const std::string bytes = to_bytes(draft_);
  write(bytes);
  for (const Inside& archive : result.archived_in) copy_into(archive);
  return {folder_.file(draft_.step).string(), sha256_hex(bytes)};
}

}  // namespace baton
