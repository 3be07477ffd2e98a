// Rounds of requests, counted.
#include "tools/switch/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/in_parallel.h"
#include "common/judge/proportions.h"
#include "common/rollout/live.h"
#include "common/rollout/log_tail.h"
#include "common/rollout/pods.h"
#include "common/rollout/port.h"
#include "common/rollout/smoke.h"

namespace baton::cutover {
namespace {

constexpr double kLimit = 0.01;  // SOP, 2c and 3: one point more errors is a warning, before any user there are none
constexpr double kBeyondDoubt = 3.09;        // one-sided, 0.1 %
constexpr double kLeastAnswered = 0.95;      // SOP, step 3: what must be covered before a pass is said
constexpr std::size_t kAtOnce = 8;           // the API server is everybody's
constexpr std::size_t kRound = 8 * kAtOnce;  // between two looks at the Lease and at what is settled

/// Of one smoke entry's requests, or of all.
struct Tally {
  std::size_t sent = 0;
  std::size_t unanswered = 0;
  std::size_t failed = 0;
  std::string complaint = {};  ///< the first
  std::size_t answered() const { return sent - unanswered; }
};

bool is_over_limit(std::size_t failed, std::size_t requests) {
  const judge::Counts counts{.errors = static_cast<double>(failed), .requests = static_cast<double>(requests)};
  return judge::share_lower_bound(counts, kBeyondDoubt) > kLimit;
}

class Rehearsal {
 public:
  Rehearsal(World& world, const std::string& deployment, std::vector<Json> pods)
      : context_(world.context),
        probes_(world.env.config.rollout().smoke),
        asked_(static_cast<std::size_t>(world.env.config.rollout().rehearsal)),
        deployment_(deployment),
        pods_(std::move(pods)),
        service_(rollout::find_service(context_)),
        tallies_(probes_.size()) {}

  Finding hold(const rollout::Lease& lease) {
    const auto begun = context_.clock.monotonic();
    while (sent() < asked_ && !pods_.empty() && !is_settled()) {
      lease.check();
      send_round();
      context_.progress(fmt::format("{} of {} rehearsal requests", sent(), asked_), context_.clock.monotonic() - begun,
                        longest());
    }
    auto finding = found();
    finding.duration_ms = (context_.clock.monotonic() - begun).count();
    return finding;
  }

 private:
  void send_round() {
    const auto first = sent();
    std::vector<rollout::Heard> heard(std::min(kRound, asked_ - first));
    in_parallel(heard.size(), kAtOnce, [&](std::size_t at) { heard[at] = ask(first + at); });
    for (std::size_t at = 0; at < heard.size(); ++at) take(first + at, std::move(heard[at]));
  }

  const SmokeProbe& probe_of(std::size_t number) const { return probes_[number % probes_.size()]; }
  const Json& pod_of(std::size_t number) const { return pods_[number / probes_.size() % pods_.size()]; }

  rollout::Heard ask(std::size_t number) {
    const auto& pod = pod_of(number);
    return rollout::ask_pod(context_, probe_of(number), rollout::name_of(pod),
                            rollout::app_port(context_.config, service_, pod).container);
  }

  void take(std::size_t number, rollout::Heard heard) {
    auto& tally = tallies_[number % probes_.size()];
    ++tally.sent;
    if (heard.complaint.empty()) return;
    if (!heard.is_answered) {
      ++tally.unanswered;
      why_unanswered_ = std::move(heard.complaint);
      return;
    }
    if (first_pod_ == nullptr) first_pod_ = &pod_of(number);
    if (tally.failed++ == 0) tally.complaint = std::move(heard.complaint);
  }

  std::size_t sum_of(std::size_t Tally::*count) const {
    return std::accumulate(tallies_.begin(), tallies_.end(), std::size_t{0},
                           [&](std::size_t sum, const Tally& tally) { return sum + tally.*count; });
  }
  std::size_t sent() const { return sum_of(&Tally::sent); }
  std::size_t planned(std::size_t entry) const {
    return asked_ / probes_.size() + (entry < asked_ % probes_.size() ? 1 : 0);
  }

  bool has_too_few() const {
    return static_cast<double>(sum_of(&Tally::unanswered)) > (1 - kLeastAnswered) * static_cast<double>(asked_);
  }

  /// Failures only become more: counted against all that will be sent, looking early costs no certainty.
  bool is_settled() const {
    bool is_over = is_over_limit(sum_of(&Tally::failed), asked_);
    for (std::size_t entry = 0; entry < tallies_.size(); ++entry)
      is_over = is_over || is_over_limit(tallies_[entry].failed, planned(entry));
    return is_over || has_too_few();
  }

  bool has_failed() const {
    return is_over_limit(sum_of(&Tally::failed), sent() - sum_of(&Tally::unanswered)) ||
           std::ranges::any_of(tallies_, [](const Tally& one) { return is_over_limit(one.failed, one.answered()); });
  }

  /// Were every answer as late as the smoke set lets it be.
  Duration longest() const {
    const auto slowest = std::ranges::max(probes_, {}, &SmokeProbe::max_time).max_time;
    return slowest * (1 + static_cast<std::int64_t>(asked_ / kAtOnce));
  }

  std::string failures_text() const {
    std::vector<std::string> lines;
    for (std::size_t entry = 0; entry < tallies_.size(); ++entry) {
      const auto& tally = tallies_[entry];
      if (tally.failed > 0)
        lines.push_back(fmt::format("'{}' {} of {}, first: {}", probes_[entry].path, tally.failed, tally.answered(),
                                    tally.complaint));
    }
    return join(lines, "; ");
  }

  Finding found() {
    Finding finding{.id = "rehearsal", .sop = "2c.2", .title = "Rehearsal requests to the new colour"};
    finding.expected = "at most 1 % fail";
    const auto failures = sum_of(&Tally::failed);
    const auto answered = sent() - sum_of(&Tally::unanswered);
    const auto share = judge::share_of(static_cast<long long>(failures), static_cast<long long>(answered));
    finding.observed = fmt::format("{} of {} failed", failures, answered);
    if (failures > 0)
      finding.message = fmt::format("{} of {} rehearsal requests to '{}' failed ({} %): {}", failures, answered,
                                    deployment_, judge::share_text(share), failures_text());
    if (has_failed()) return failed(std::move(finding));
    if (answered == 0 || has_too_few()) {
      finding.observed = fmt::format("{} of {} answered", answered, asked_);
      finding.message = fmt::format("{} of {} rehearsal requests were answered: {}{}", answered, asked_,
                                    why_unanswered_.empty() ? "no pod is ready" : why_unanswered_,
                                    failures > 0 ? "; " + finding.message : "");
      return finding;
    }
    finding.outcome = failures > 0 ? Outcome::warn : Outcome::pass;
    return finding;
  }

  Finding failed(Finding finding) {
    finding.critical = true;
    finding.outcome = Outcome::fail;
    finding.log = rollout::log_tail(context_, rollout::name_of(*first_pod_),
                                    (*first_pod_)["spec"]["containers"].items().front()["name"].string(),
                                    /*has_crashed=*/true);
    finding.recovery = {"Read the pod's log for the failing requests.",
                        "Correct it and run the deployment again; traffic was not switched."};
    return finding;
  }

  rollout::Context& context_;
  const std::vector<SmokeProbe>& probes_;
  const std::size_t asked_;
  const std::string& deployment_;
  const std::vector<Json> pods_;
  const Json service_;
  std::vector<Tally> tallies_;  ///< by smoke entry
  std::string why_unanswered_ = {};
  const Json* first_pod_ = nullptr;  ///< that failed
};

}  // namespace

bool rehearse(World& world, rollout::Lease& lease, Attempt& attempt) {
  const auto requests = world.env.config.rollout().rehearsal;
  if (requests == 0) return true;
  const auto& move = attempt.move;
  world.context.say(fmt::format("Rehearsal on {}: {}", move.colour, count_text(requests, "request")));
  Rehearsal rehearsal(world, move.deployment, ready_pods_of(world, move.deployment));
  attempt.findings.push_back(rehearsal.hold(lease));
  const auto& finding = attempt.findings.back();
  world.context.say(
      fmt::format("Rehearsal on {}: {} {}", move.colour, finding.observed.text(), outcome_mark(finding.outcome)));
  return finding.outcome != Outcome::fail;
}

}  // namespace baton::cutover
