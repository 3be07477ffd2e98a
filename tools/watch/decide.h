// What a look means for the release: pure, so that every line of the SOP's matrix can be tested.
#pragma once

#include <functional>
#include <string>

#include "common/judge/session.h"
#include "tools/watch/phases.h"

namespace baton::watch {

enum class Action {
  go_on,       ///< nothing to do before the next look
  roll_back,   ///< critical now, and acting is ours
  ask_person,  ///< critical now, but a person decides: exit 3, the bad release is still live
  finish,      ///< the window is over
};

/// SOP, "Rollback Decision Matrix"; decisions 35, 36, 38. Blindness never rolls back.
Action decide(const judge::Look& look, Phase phase, const Config& config);

/// Fewer requests than before may be anybody's doing: critical only where the release shows it, too (decisions 32), by
/// failing more of them or by `own_trouble`, which is asked for only then; empty: it is well.
void confirm_drop(judge::Look& look, const judge::Memory& seen, const std::function<std::string()>& own_trouble);

/// The verdict of a window that is over: proceed, caution on any warning, past breach or where it `is_in_doubt` (a
/// warning that nobody decided on in time, a way back that was lost), unknown where too little was covered
/// (judge/coverage.h) or a critical rule could never be judged.
Verdict verdict_at_end(const judge::Look& look, const judge::Session& session, double coverage, bool is_in_doubt);

/// Whether enough of the window can still be covered: everything from now on would have to be seen.
bool can_reach_coverage(const judge::Session& session, const Phases& phases, Duration step, Time now);

}  // namespace baton::watch
