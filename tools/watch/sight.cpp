// The session over the store, or the watch over the pods.
#include "tools/watch/sight.h"

#include "common/core/units.h"
#include "common/rollback/scope.h"
#include "tools/watch/decide.h"

namespace baton::watch {

Sight::Sight(Watched& watched, const Phases& phases)
    : watched_(watched),
      phases_(phases),
      session_(rollback::criteria_for(watched.env.config, watched.baseline), watched.scope, phases.start) {
  session_.include_pods(watched.remembered_pods());
  if (!watched.store) pods_.emplace(watched, phases);
}

judge::Look Sight::look(Time until) {
  return pods_ ? pods_->look(until) : session_.look(*watched_.store, until, watched_.env.stop);
}

double Sight::coverage(Time until) const { return pods_ ? pods_->coverage(until) : session_.coverage(until); }

bool Sight::can_reach_coverage(Time now) const {
  return pods_ || watch::can_reach_coverage(session_, phases_, phases_.config.step, now);
}

Json Sight::state(Time until) const {
  auto state = Json::object({{"pods", json_list(session_.seen().pods)},
                             {"judged_until", to_rfc3339(until)},
                             {"coverage", number_text(coverage(until))}});
  if (pods_) {
    state["without_metrics"] = pods_->why();
    state["looked_at"] = pods_->memory();
  } else {
    state["baseline"] = judge::to_json(watched_.baseline);
  }
  return state;
}

}  // namespace baton::watch
