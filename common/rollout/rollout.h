// Moving traffic between colours, and back: what switch and watch's automatic rollback share.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/kube.h"
#include "common/config/config.h"
#include "common/core/finding.h"
#include "common/io/clock.h"

namespace baton::rollout {

class Lease;

/// What moving traffic needs of the world. Lives as long as the step.
struct Context {
  kube::Client& kube;
  const Config& config;
  Clock& clock;
  HttpClient& http;  ///< for switch.public and the cluster IP
  std::stop_token stop;
  std::string app;
  std::string id;                               ///< of the deployment
  std::function<void(const std::string&)> say;  ///< a deployment log line
  std::function<void(const std::string& what, Duration since, Duration until)> progress =
      {};  ///< of a wait; may be unset
  std::shared_ptr<Lease> lease =
      {};                  ///< held already; undo() gives it up when it is done. Unset: undo() takes one itself
  bool is_forced = false;  ///< a person's rollback: whatever the selector says by then is replaced
};

/// The Service whose selector decides who gets traffic.
const std::string& service_name(const Config& config);

/// How far a move has come. Where Service and Lease differ, the later one holds: the Lease is written first.
enum class Phase {
  adopting,   ///< the selector was narrowed, the new colour is coming up
  switching,  ///< the selector names the new colour; not yet proved, or still in its soak
  kept,       ///< the soak is over and the new colour stays
  undoing,    ///< a rollback was decided and is not finished
  undone,     ///< the old colour serves again and the new one is drained
};
std::string_view phase_name(Phase phase);
/// Whether a killed run left something to resume or to undo.
bool is_unfinished(Phase phase);

/// The move of one deployment, as the Service's annotations, the Lease and switch's state carry it.
struct Move {
  std::string id;
  std::string version;
  std::string digest;  ///< "sha256:…" of the image
  std::string service;
  std::string label;            ///< "version"
  std::string colour;           ///< of the new one: "green"
  std::string deployment;       ///< the new colour's
  std::string previous_colour;  ///< empty: an adopted Deployment that has no colour
  std::string previous_deployment;
  std::string previous_id;     ///< the deployment id that its Deployment carries, from the adoption on
  std::string previous_image;  ///< in its pod spec: a rollback onto anything else is refused
  Json selector_original;      ///< before adoption narrowed it; equals selector_before otherwise
  Json selector_before;
  Json selector_after;
  int replicas = 0;  ///< the old colour's size before the move: what a rollback must find
  bool adopted = false;
  std::optional<Time> patched_at = {};
  std::optional<Time> proved_at = {};
  Phase phase = Phase::adopting;
  std::string undo_reason = {};  ///< why and by whom, so that a killed rollback is finished in the same words
  std::string undo_by = {};
  std::optional<Time> undone_at = {};  ///< the patch that put the selector back
};
Json to_json(const Move& move);
/// Throws Error{unknown} naming the member that is missing or of the wrong type.
Move move_from_json(const Json& json);

/// The move the Service or the Lease records, finished or not; nothing when Baton never touched it.
std::optional<Move> recorded_move(Context& context);

/// What serves now, "<deployment>@<image in its pod spec>", as precheck's target.live carries it; empty when it cannot
/// be told.
std::string live_description(Context& context);

/// Puts traffic back to move.previous_*: scales the old colour up where it shrank, waits for Ready and endpoints, swaps
/// the selector, proves it, takes evidence into `evidence_folder` first (at most 15 s), then drains the bad colour to
/// 0. Idempotent: a rollback that was killed half way is finished. Never judges metrics; that is its caller's. Takes
/// the Lease: waits while this deployment holds it, throws LeaseBusy (lease.h, Error{again}) while another one does,
/// Error{handoff} when a newer deployment's move is recorded.
struct Undo {
  Verdict verdict = Verdict::rollback_failed;  ///< rolled_back or rollback_failed
  std::vector<Finding> findings;
  std::vector<std::string> evidence;  ///< file names written
  Json times = Json::object();        ///< milliseconds: patch, endpoint slices, last old answer, drained
  std::string message;                ///< first what serves now
};
Undo undo(Context& context, const Move& move, std::string_view reason, std::string_view by,
          const std::string& evidence_folder);

/// Names of the pods of a Deployment that are not terminating, sorted.
std::vector<std::string> pods_of(Context& context, std::string_view deployment);

}  // namespace baton::rollout
