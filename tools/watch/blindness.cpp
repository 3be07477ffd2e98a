// From blindness to a page.
#include "tools/watch/blindness.h"

#include <algorithm>

#include "common/step/announce.h"

namespace baton::watch {
namespace {

constexpr Duration kPageAfter = std::chrono::minutes(10);  // decisions 38

}  // namespace

void Blindness::follow(const judge::Look& look, const std::string& cluster_away, Time start, Time now) {
  const bool is_blind = look.state == judge::State::blind;
  const std::string& why = is_blind ? look.reason : cluster_away;
  if (!is_blind && why.empty()) return since_.reset();
  auto& env = watched_.env;
  env.log.warning("blind: " + why);
  const Time since = since_.value_or(std::max(start, look.judged_until));
  since_ = since;
  if (now - since < kPageAfter) return;
  page(env, "watch-blind", "Nobody can see how " + watched_.move.version + " does", why, since);
}

}  // namespace baton::watch
