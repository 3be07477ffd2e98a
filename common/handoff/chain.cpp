// The read order as a list of questions; the first that is answered with no ends it.
#include "common/handoff/chain.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/units.h"

namespace baton {
namespace {

constexpr Duration kClockSkew = std::chrono::minutes(5);  // between runners whose clocks are kept

struct Reading {
  const ChainRequest& request;
  const PreviousFile& file;
  const std::vector<PreviousFile>& earlier;
  std::string bytes = {};
  Previous previous = {};

  const Handoff& handoff() const { return previous.handoff; }
};

Error refuse(const std::string& reason, const std::string& hint) { return Error(ExitCode::handoff, reason, hint); }

std::string step_words(const Reading& reading) {
  return reading.request.wanted_previous.empty() ? "an earlier step" : reading.request.wanted_previous;
}

void check_exists(Reading& reading) {
  if (!reading.file.bytes) {
    throw refuse("there is no handoff of " + step_words(reading) + ": '" + reading.file.name + "' does not exist",
                 "Run " + step_words(reading) + " first, or pass its file on; --standalone goes on without.");
  }
  reading.bytes = *reading.file.bytes;
}

/// What the file calls itself; needed before its types are checked, to know which keys may have signed it.
std::string claimed_step(const Json& json) {
  const Json& step = json["predicate"]["step"];
  return step.is_string() ? step.string() : std::string();
}

void check_signature(Reading& reading) {
  const Json json = parse_handoff_json(reading.bytes, reading.file.name);
  if (reading.request.trust.empty()) return;
  if (!reading.file.bundle) {
    throw refuse("'" + reading.file.name + "' is not signed, and signing.trust names keys",
                 "Pass on its .sigstore.json too, or set signing.key in the step that writes it.");
  }
  const std::string step =
      reading.request.wanted_previous.empty() ? claimed_step(json) : reading.request.wanted_previous;
  verify_bundle(*reading.file.bundle, reading.bytes, reading.request.trust, step);
}

void check_digest(Reading& reading) {
  reading.previous.sha256 = sha256_hex(reading.bytes);
  const std::string& wanted = reading.request.digest_by_other_channel;
  if (wanted.empty() || wanted == reading.previous.sha256) return;
  throw refuse("'" + reading.file.name + "' has been altered: its SHA-256 is " + reading.previous.sha256 + ", and " +
                   wanted + " was handed on",
               "Pass on the file and the digest of the same run.");
}

void check_types(Reading& reading) { reading.previous.handoff = parse_handoff(reading.bytes, reading.file.name); }

void check_step(Reading& reading) {
  const std::string& step = reading.handoff().step;
  const std::string& wanted = reading.request.wanted_previous;
  const bool is_right = wanted.empty() ? step_number(step) < step_number(reading.request.step) : step == wanted;
  if (is_right) return;
  throw refuse("'" + reading.file.name + "' is out of order: it is " + step + "'s, and " + reading.request.step +
                   " follows " + step_words(reading),
               "Pass on the handoff of " + step_words(reading) + ".");
}

bool is_same_release(const Release& a, const Release& b) {
  return a.app == b.app && a.version == b.version && a.environment == b.environment && a.id == b.id;
}

/// The file that `named_by` calls the step before it.
Handoff linked(const Handoff& named_by, const PreviousFile& file) {
  if (sha256_hex(*file.bytes) != named_by.previous_sha256) {
    throw refuse("the chain is broken: '" + file.name + "' is not the file that " + named_by.step + " read",
                 "Pass on the handoffs of one deployment, unchanged.");
  }
  Handoff handoff = parse_handoff(*file.bytes, file.name);
  if (handoff.step != named_by.previous_step || !is_same_release(handoff.release, named_by.release)) {
    throw refuse(
        "the chain is broken: '" + file.name + "' is of another step or deployment than " + named_by.step + " says",
        "Pass on the handoffs of one deployment, unchanged.");
  }
  return handoff;
}

void check_chain(Reading& reading) {
  Previous& previous = reading.previous;
  const Handoff* last = &previous.handoff;
  auto file = reading.earlier.begin();
  while (!last->previous_step.empty()) {
    file = std::find_if(file, reading.earlier.end(),
                        [](const PreviousFile& candidate) { return candidate.bytes.has_value(); });
    if (file == reading.earlier.end()) break;
    previous.earlier.insert(previous.earlier.begin(), linked(*last, *file++));
    last = &previous.earlier.front();
  }
  if (last->previous_step.empty()) {
    if (last->step == kSteps[0] || last->standalone) return;
    throw refuse("the chain is broken: " + last->step + " names no step before it",
                 "Run the steps in order, or pass --standalone where a step is meant to stand alone.");
  }
  if (!reading.request.resuming) {
    throw refuse(
        "the chain is broken: the handoff of " + last->previous_step + " that " + last->step + " read is missing",
        "Pass on the whole folder from step to step.");
  }
  previous.not_compared.emplace_back("chain");
}

void compare(Reading& reading, const std::string& what, const std::string& ours, const std::string& theirs) {
  if (ours.empty() || theirs.empty()) {
    reading.previous.not_compared.push_back(what);
  } else if (ours != theirs) {
    throw refuse("'" + reading.file.name + "' is for another " + what + ": '" + printable(theirs, 200) +
                     "', ours is '" + printable(ours, 200) + "'",
                 "Pass on the handoff of this deployment, or start with precheck.");
  }
}

void check_release(Reading& reading) {
  const Release& ours = reading.request.release;
  const Release& theirs = reading.handoff().release;
  compare(reading, "app", ours.app, theirs.app);
  compare(reading, "release", ours.version, theirs.version);
  compare(reading, "environment", ours.environment, theirs.environment);
  if (!ours.id.empty()) compare(reading, "deployment", ours.id, theirs.id);
  compare(reading, "commit", ours.commit, theirs.commit);
}

/// Of several targets the one in our cluster and namespace; else the first, whose difference is then named.
Target target_beside(const Target& ours, const std::vector<Target>& theirs) {
  const auto agrees = [](const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; };
  const auto found = std::ranges::find_if(theirs, [&](const Target& target) {
    return agrees(ours.cluster_uid, target.cluster_uid) && agrees(ours.namespace_, target.namespace_);
  });
  if (found != theirs.end()) return *found;
  return theirs.empty() ? Target{} : theirs.front();
}

void check_target(Reading& reading) {
  const Target& ours = reading.request.target;
  const Target theirs = target_beside(ours, reading.handoff().targets);
  if (reading.request.database_only) return compare(reading, "database", ours.database, theirs.database);
  compare(reading, "image", reading.request.image_sha256, reading.handoff().subject.sha256);
  compare(reading, "cluster", ours.cluster_uid, theirs.cluster_uid);
  compare(reading, "namespace", ours.namespace_, theirs.namespace_);
}

void check_age(Reading& reading) {
  const Handoff& handoff = reading.handoff();
  if (handoff.finished_at > reading.request.now + kClockSkew) {
    throw refuse("'" + reading.file.name + "' is of the future: " + handoff.step + " ended at " +
                     to_rfc3339(handoff.finished_at) + ", and here it is " + to_rfc3339(reading.request.now),
                 "Set the clocks right, then run " + handoff.step + " again.");
  }
  if (reading.request.resuming) return;
  std::optional<Time> end = handoff.expires_at;
  if (const auto limit = reading.request.valid_for; limit && (!end || handoff.finished_at + *limit < *end)) {
    end = handoff.finished_at + *limit;
  }
  if (!end || reading.request.now <= *end) return;
  throw refuse("'" + reading.file.name + "' has expired: " + handoff.step + " ended at " +
                   to_rfc3339(handoff.finished_at) + " and was good until " + to_rfc3339(*end),
               "Run " + handoff.step + " again.");
}

void check_verdict(Reading& reading) {
  const Verdict verdict = reading.handoff().verdict;
  if (std::ranges::find(reading.request.accepted, verdict) != reading.request.accepted.end()) return;
  const std::string& step = reading.handoff().step;
  if (verdict == Verdict::again) throw refuse(step + " has not ended", "Run " + step + " again until it ends.");
  throw refuse(step + " said '" + std::string(verdict_name(verdict)) + "': that does not let us go on",
               "Read what " + step + " found, solve that, and run " + step + " again.");
}

/// The contract's read order.
constexpr void (*kQuestions[])(Reading&) = {check_exists, check_signature, check_digest, check_types, check_step,
                                            check_chain,  check_release,   check_target, check_age,   check_verdict};

}  // namespace

Previous read_previous(const ChainRequest& request, const PreviousFile& file,
                       const std::vector<PreviousFile>& earlier) {
  Reading reading{.request = request, .file = file, .earlier = earlier};
  for (const auto question : kQuestions) question(reading);
  return std::move(reading.previous);
}

}  // namespace baton
