// Baseline, session and tally of every window.
#include "common/judge/calibration_run.h"

#include <fmt/format.h>

#include <vector>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/io/wait.h"
#include "common/judge/baseline.h"
#include "common/judge/calibration_tally.h"
#include "common/judge/coverage.h"
#include "common/judge/session.h"

namespace baton::judge {
namespace {

constexpr int kMostUnanswered = 3;

/// Why nobody can say what was normal; empty: it is known.
std::string why_no_baseline(const Criteria& criteria) {
  if (criteria.reason_against(kErrorRate.id) != nullptr || criteria.baseline.find(kErrorRate) != nullptr) return "";
  const auto known = criteria.baseline.metrics.find(kErrorRate.id);
  return fmt::format("no baseline of {}: {}", kErrorRate.id,
                     known == criteria.baseline.metrics.end() ? "nobody asks for it" : known->second.why);
}

std::string why_not_judged(const Look& look, double coverage) {
  if (look.state == State::blind) return look.reason;
  if (coverage < kMinCoverage) return fmt::format("gaps: only {:.0f} % of it could be judged", coverage);
  return "";
}

class Run {
 public:
  Run(prometheus::Client& store, const Config& config, const History& history, const std::stop_token& stop)
      : store_(store), config_(config), history_(history), scope_(day_before(history.scope)), stop_(stop) {}

  Calibration over_all(const std::function<void(long long done, long long all)>& say) {
    const auto all = (history_.to - history_.from) / history_.window;
    for (long long done = 0; done < all; ++done) {
      require_running(stop_);
      say(done, all);
      add(history_.to - (done + 1) * history_.window);
    }
    auto made = std::move(tally_).finished();
    made.app = history_.scope.app;
    made.namespace_ = history_.scope.namespace_;
    made.from = history_.to - all * history_.window;
    made.to = history_.to;
    made.window = history_.window;
    return made;
  }

 private:
  Criteria criteria(Baseline baseline = {}) const {
    return {.config = config_, .baseline = std::move(baseline), .not_applicable = history_.not_applicable};
  }

  void add(Time from) {
    if (unanswered_ >= kMostUnanswered) return tally_.add_unknown(from, "not asked for: " + why_unanswered_);
    try {
      judge(from, criteria(measure_baseline(store_, config_, scope_, from, stop_)));
      unanswered_ = 0;
    } catch (const Error& error) {
      if (error.code() != ExitCode::unknown) throw;
      ++unanswered_;
      why_unanswered_ = error.what();
      tally_.add_unknown(from, why_unanswered_);
    }
  }

  void judge(Time from, Criteria criteria) {
    if (auto why = why_no_baseline(criteria); !why.empty()) return tally_.add_unknown(from, std::move(why));
    Session session(std::move(criteria), scope_, from);
    std::vector<Point> points;
    session.record_to([&](std::span<const Point> judged) { points.assign(judged.begin(), judged.end()); });
    // What one look reads ends with the window's last point, whenever the store got it.
    const Time last = from + history_.window - config_.watch().step + config_.metrics().lag;
    const auto look = session.look(store_, last, stop_);
    tally_.add(from, {.criteria = session.criteria(),
                      .points = points,
                      .memory = session.seen(),
                      .why_unknown = why_not_judged(look, session.coverage(last))});
  }

  prometheus::Client& store_;
  const Config& config_;
  const History& history_;
  Scope scope_;
  const std::stop_token& stop_;
  CalibrationTally tally_{criteria()};
  int unanswered_ = 0;  ///< in a row
  std::string why_unanswered_ = {};
};

}  // namespace

Calibration calibrate(prometheus::Client& store, const Config& config, const History& history,
                      const std::function<void(long long done, long long all)>& say, const std::stop_token& stop) {
  return Run(store, config, history, stop).over_all(say);
}

}  // namespace baton::judge
