// The move of one deployment, as the Service's annotations, the Lease and switch's state carry it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"
#include "common/rollout/selector.h"

namespace baton::rollout {

inline constexpr int kAll = 100;  ///< percent of the traffic

/// What a move is about.
enum class Phase {
  adopting,   ///< the old colour is adopted where it had no colour, the new one is coming up
  switching,  ///< the selector names the new colour; not yet proved, or still in its soak
  kept,       ///< the soak is over and the new colour stays
  undoing,    ///< a rollback was decided and is not finished
  undone,     ///< the old colour serves again and the new one is drained
};
std::string_view phase_name(Phase phase);
/// Whether a killed run left something to resume or to undo.
bool is_unfinished(Phase phase);
/// Whether a rollback was decided, and may be over.
bool is_turned_back(Phase phase);

/// What gets the release as it stands: a Deployment without a Service, or the live workload of a rolling update.
struct Worker {
  std::string kind = {};  ///< "StatefulSet", "DaemonSet"; empty: a Deployment
  std::string name;
  std::map<std::string, std::string> images = {};  ///< of its containers of the app's repository, before the move
};

/// The move of one deployment, as the Service's annotations, the Lease and switch's state carry it.
struct Move {
  std::string id;
  std::string version;
  std::string digest;         ///< "sha256:…" of the image
  std::string strategy = {};  ///< as configured; empty, of an earlier version: blue-green
  std::string service;
  std::string label;            ///< "version"
  std::string colour;           ///< of the new one: "green"; of a rolling update the workload's name
  std::string deployment;       ///< the new colour's
  std::string previous_colour;  ///< empty: adopted by an earlier version, which narrowed the selector to a ReplicaSet
  std::string previous_deployment;  ///< empty: the release was rolled over it
  std::string previous_id;          ///< the deployment id that its Deployment carries, from the adoption on
  std::string previous_image;       ///< in its pod spec: a rollback onto anything else is refused
  Labels selector_original;         ///< before adoption narrowed it; equals selector_before otherwise
  Labels selector_before;
  Labels selector_after;
  int replicas = 0;  ///< the old colour's size before the move: what a rollback must find
  bool adopted = false;
  /// The live workload where the release is rolled over it: then there is no previous one, and the selector stays.
  std::optional<Worker> rolled = {};
  std::vector<Worker> workers = {};
  std::vector<std::string> services = {};     ///< more of them, which move as one with `service`
  std::vector<std::string> config_maps = {};  ///< that it makes, goes on using or may let go of
  std::vector<std::string> applied = {};      ///< "ServiceAccount 'shop'": of the manifest, and not put back
  bool labels = false;     ///< the adoption gives the old Deployment's pods their label, which they had not
  std::string route = {};  ///< the HTTPRoute that gives a canary its share; empty: the number of its pods does
  int share = kAll;        ///< percent of the traffic that was asked for the new colour last; below 100 both serve
  int control = 0;  ///< the old colour's size before it got one pod more to compare a canary with; 0: it has none
  std::optional<Time> shared_at = {};  ///< when that share was seen to reach it; it is judged from then on
  std::optional<Time> patched_at = {};
  std::optional<Time> proved_at = {};
  Phase phase = Phase::adopting;
  int revision = 0;              ///< of the record: each writing counts on, and the latest one holds
  std::string undo_reason = {};  ///< why and by whom, so that a killed rollback is finished in the same words
  std::string undo_by = {};
  std::optional<Time> undone_at = {};  ///< the patch that put the selector back
  Json baseline = {};  ///< what was normal before the patch, in judge's own shape; null: it could not be measured
};
/// Selects the pods of both colours.
Labels both_colours(const Move& move);
/// Whether a canary has its share already where the Service selects these: both, or through a route still the old one.
bool is_shared(const Labels& selector, const Move& move);
/// What the Service selects once traffic has gone over to the extent of `move.share`.
Labels selector_of_share(const Move& move);
Json to_json(const Move& move);
/// Throws Error{unknown} naming the member that is missing or of the wrong type.
Move move_from_json(const Json& json);

}  // namespace baton::rollout
