// The session over the store, or the watch over the pods.
#include "tools/watch/sight.h"

#include "common/core/units.h"
#include "common/judge/scrapes.h"
#include "common/rollback/scope.h"
#include "tools/watch/decide.h"

namespace baton::watch {

Sight::Sight(Watched& watched, const Phases& phases)
    : watched_(watched),
      phases_(phases),
      session_(rollback::criteria_for(watched.env.config, watched.baseline), watched.scope, phases.start),
      pods_(watched, phases) {
  session_.include_pods(watched.remembered_pods());
}

judge::Look Sight::look(Time until) {
  if (!without_metrics().empty()) return pods_.look(until);
  auto look = session_.look(*watched_.store, until, watched_.env.stop);
  pods_.add_to(look);
  confirm_drop(look, session_.seen(), [this] { return pods_.own_trouble(); });
  return look;
}

double Sight::coverage(Time until) const {
  return without_metrics().empty() ? session_.coverage(until) : pods_.coverage(until);
}

bool Sight::can_reach_coverage(Time now) const {
  return !without_metrics().empty() || watch::can_reach_coverage(session_, phases_, phases_.config.step, now);
}

bool Sight::awaits_samples(Time now) const {
  if (!without_metrics().empty() || now > phases_.end() + judge::kLatestSample) return false;
  return session_.seen().judged_until.value_or(phases_.start) + phases_.config.step <= phases_.end();
}

Json Sight::state(Time until) const {
  auto state = Json::object({{"pods", json_list(session_.seen().pods)},
                             {"judged_until", to_rfc3339(until)},
                             {"coverage", number_text(coverage(until))}});
  if (!without_metrics().empty()) {
    state["without_metrics"] = without_metrics();
    state["looked_at"] = pods_.memory();
  } else {
    state["baseline"] = judge::to_json(watched_.baseline);
    if (auto warned = pods_.warned(); !warned.members().empty()) state["pods_warned"] = std::move(warned);
  }
  return state;
}

}  // namespace baton::watch
