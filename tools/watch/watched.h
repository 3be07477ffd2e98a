// What is watched: the move that switch recorded, the time before it, and the clients to see it with.
#pragma once

#include <optional>

#include "common/judge/baseline.h"
#include "common/judge/scope.h"
#include "common/rollout/context.h"
#include "common/rollout/recorded_move.h"
#include "common/step/env.h"
#include "common/step/result.h"
#include "tools/watch/phases.h"

namespace baton::watch {

/// Everything a look needs; lives as long as the step.
struct Watched {
  explicit Watched(Env& env);

  /// Reads again what the cluster records: another deployment's move, a rollback by a person. The pods too where that
  /// changed, or where they were read longer than `pods_every` ago: else it costs two requests.
  void refresh(Duration pods_every);
  /// What an earlier look knew of this colour's pods: the store still has the series of those that are gone. Of all
  /// that a file of ours says nothing else is believed: the window is read again from the store.
  std::vector<std::string> remembered_pods() const;

  Env& env;
  kube::Client kube;
  HttpClient http;
  std::optional<prometheus::Client> store;  ///< nothing: metrics are not judged
  rollout::Context context;
  rollout::Move move;  ///< as switch left it; one that is being undone as it is recorded by now
  /// False: standalone, on what Baton did not switch. `move` then names what serves, and there is nothing to go back
  /// to.
  bool is_recorded = true;
  bool superseded = false;  ///< a newer deployment's move is recorded: our duties are over
  judge::Scope scope;       ///< the new colour's pods as they were read last
  judge::Baseline baseline;

 private:
  void follow(const rollout::MoveRecord& record);
  void read_pods();

  std::string recorded_versions_ = {};
  Duration pods_read_{};  ///< on the monotonic clock
};

/// A time that an earlier run of this watch wrote into its state; nothing where none did.
std::optional<Time> remembered(const View& env, std::string_view key);

/// When traffic was proved to be on the new colour; the patch where it never was.
Time start_of(const rollout::Move& move);

/// The end of a watch whose release serves no more.
StepResult superseded(const Watched& watched);
/// Whether `error` is of that: a rollback that was decided, and announced, found a newer release at the Service. Says
/// then that it is over.
bool is_overtaken(Watched& watched, const Error& error);

}  // namespace baton::watch
