// A session's look: read what is new, judge every new point, say what holds now.
#include "common/judge/session.h"

#include <algorithm>
#include <set>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/verdict.h"

namespace baton::judge {

Session::Session(Criteria criteria, Scope scope, Time from, const Json& memory)
    : criteria_(std::move(criteria)), scope_(std::move(scope)), from_(from), memory_(memory_from_json(memory)) {
  include_pods(scope_.pods);
}

Time Session::first_unjudged() const {
  return memory_.judged_until ? *memory_.judged_until + config().watch().step : from_;
}

void Session::include_pods(const std::vector<std::string>& pods) {
  std::set<std::string> all(pods.begin(), pods.end());
  all.insert(memory_.pods.begin(), memory_.pods.end());
  for (const auto& [pod, counts] : memory_.counters) all.insert(pod);
  memory_.pods.assign(all.begin(), all.end());
  scope_.pods = memory_.pods;
}

Look Session::look(prometheus::Client& store, Time until, std::stop_token stop) {
  try {
    read(store, until - config().metrics().lag, stop);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return blind(criteria_, scope_, memory_, error.what());
  }
  return conclude(criteria_, scope_, memory_);
}

void Session::read(prometheus::Client& store, Time until, const std::stop_token& stop) {
  const Stretch stretch{.from = first_unjudged(), .to = until, .step = config().watch().step};
  if (stretch.from > stretch.to) return;
  const auto terms = terms_for(config(), scope_, rate_window(config()));
  const auto answers = read_answers(store, terms, stretch, stop);
  require_whole(answers);
  replay(criteria_, points_of(answers, stretch, memory_.counters), memory_);
}

double Session::coverage(Time until) const {
  const auto expected = (until - config().metrics().lag - from_) / config().watch().step + 1;
  if (expected <= 0) return 0;
  return std::min(100.0, 100.0 * static_cast<double>(memory_.samples) / static_cast<double>(expected));
}

std::vector<std::string> Session::warnings_throughout(Time since) const {
  std::vector<std::string> ids;
  for (const auto& rule : rules()) {
    const auto found = memory_.conditions.find(rule.id);
    if (rule.severity != Severity::warning || found == memory_.conditions.end()) continue;
    const Condition& condition = found->second;
    const bool from_start = condition.since && *condition.since <= since + rate_window(config());
    if (from_start && condition.last == memory_.judged_until) ids.push_back(rule.id);
  }
  return ids;
}

}  // namespace baton::judge
