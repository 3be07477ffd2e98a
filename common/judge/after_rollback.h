// After a rollback: are error rate and P95 back where they were (decisions 30)?
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/judge/baseline.h"

namespace baton::judge {

/// Whether a rollback brought error rate and P95 back within +1 pp and +20 % of the baseline (decisions 30).
struct AfterRollback {
  enum class State { back, not_back, inconclusive } state = State::inconclusive;
  std::vector<Finding> findings;
  std::string reason;
};
AfterRollback judge_after_rollback(prometheus::Client& store, const Config& config, const Baseline& baseline,
                                   const Scope& scope, Time from, Time to, std::stop_token stop = {});

}  // namespace baton::judge
