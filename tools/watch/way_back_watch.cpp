// Looks at the way back, and remembers when it was lost.
#include "tools/watch/way_back_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/finding_text.h"
#include "common/core/text.h"
#include "common/rollout/rollback_readiness.h"
#include "common/rollout/workload.h"
#include "common/step/announce.h"

namespace baton::watch {
namespace {

constexpr std::string_view kKey = "way_back_lost";

/// By value: whoever began it goes on.
std::vector<Finding> look_at(rollout::Context context, rollout::Move move) try {
  const rollout::WayBackFacts facts{.before = rollout::standing_of(context, move.previous_deployment),
                                    .after = {.deployment = rollout::find_workload(context, move)}};
  return rollout::rollback_readiness(context, move, facts);
} catch (const Error& error) {
  return {{.id = "way-back", .sop = "rollback", .title = "The way back could be looked at", .message = error.what()}};
}

/// What was asked in vain says nothing of the questions behind it.
bool is_whole(const std::vector<Finding>& findings) {
  return findings.size() > 1 && findings.front().outcome != Outcome::unknown;
}

std::string stretch_of(const Loss& loss) {
  const auto since = to_rfc3339(loss.since);
  return loss.until ? fmt::format("from {} to {}", since, to_rfc3339(*loss.until)) : "since " + since;
}

Json to_json(const Loss& loss) {
  auto json = Json::object({{"id", loss.id}, {"since", to_rfc3339(loss.since)}, {"seen", loss.seen}});
  if (loss.until) json["until"] = to_rfc3339(*loss.until);
  return json;
}

}  // namespace

WayBackWatch::WayBackWatch(Watched& watched, const Phases& phases) : watched_(watched), phases_(phases) {
  if (!watched.env.resumed) return;
  for (const auto& item : watched.env.resumed->state[kKey].items_or_none()) {
    const auto since = parse_rfc3339(item["since"].string_or(""));
    if (since)
      losses_.push_back({.id = item["id"].string_or(""),
                         .since = *since,
                         .until = parse_rfc3339(item["until"].string_or("")),
                         .seen = item["seen"].string_or("")});
  }
}

void WayBackWatch::begin(Time now) {
  const auto monotonic = watched_.env.clock.monotonic();
  const bool is_due = !begun_ || monotonic - *begun_ >= phases_.every(now);
  const bool is_offered = watched_.is_recorded && rollout::is_offered(watched_.move.phase);
  if (!is_offered || !is_due || pending_.valid() || phases_.at(now) == Phase::over) return;
  begun_ = monotonic;
  auto context = watched_.context;
  context.stop = stop_.get_token();
  pending_ = std::async(std::launch::async, look_at, std::move(context), watched_.move);
}

void WayBackWatch::take(Time now, Duration patience) {
  if (!pending_.valid() || pending_.wait_for(patience) != std::future_status::ready) return;
  findings_ = pending_.get();
  for (const auto& finding : findings_) follow(finding, now);
  if (!is_whole(findings_)) return;
  for (auto& loss : losses_) {
    if (!loss.until && last(loss.id) == nullptr) end(loss, now);
  }
}

const Finding* WayBackWatch::last(const std::string& id) const {
  const auto found = std::ranges::find(findings_, id, &Finding::id);
  return found == findings_.end() ? nullptr : &*found;
}

Loss* WayBackWatch::open_loss(const std::string& id) {
  const auto found = std::ranges::find_if(losses_, [&](const Loss& loss) { return loss.id == id && !loss.until; });
  return found == losses_.end() ? nullptr : &*found;
}

void WayBackWatch::follow(const Finding& finding, Time now) {
  auto* loss = open_loss(finding.id);
  if (finding.outcome == Outcome::fail && loss == nullptr) {
    losses_.push_back({.id = finding.id, .since = now, .seen = finding_line(finding)});
    watched_.env.log.error("no way back: " + losses_.back().seen);
  }
  const bool is_open = finding.outcome == Outcome::pass || finding.outcome == Outcome::warn;
  if (loss != nullptr && is_open) end(*loss, now);
}

void WayBackWatch::end(Loss& loss, Time now) {
  loss.until = now;
  watched_.env.log.warning(fmt::format("the way back is open again: {}; {}", loss.seen, stretch_of(loss)));
}

void WayBackWatch::tell() {
  auto& env = watched_.env;
  const auto send = [&](const Loss& loss, const std::string& event, std::string_view word, const std::string& more) {
    announce(env, Audience::incident,
             {.subject = fmt::format("{}: {} {}: {}", word, env.release.app, watched_.move.version, loss.seen),
              .text = fmt::format("{} {}.{}", loss.seen, stretch_of(loss), more),
              .event = event,
              .facts = Json::object({{"way_back", to_json(loss)}}),
              .key = fmt::format("{}/{}/{}", event, loss.id, to_rfc3339(loss.since))});
  };
  for (const auto& loss : losses_) {
    const auto* finding = last(loss.id);
    const auto advice = finding == nullptr ? std::string() : "\n" + join(finding->recovery, "\n");
    if (!loss.until)
      send(loss, "watch-way-back-lost", "NO WAY BACK",
           "\nA rollback would fail, or leave users with less than the release before. The release is watched on." +
               advice);
    if (loss.until) send(loss, "watch-way-back-open", "WAY BACK OPEN AGAIN", "");
  }
}

std::vector<Finding> WayBackWatch::remarks() const {
  std::vector<Finding> remarks;
  for (const auto& loss : losses_)
    remarks.push_back({.id = loss.id,
                       .sop = "rollback",
                       .title = "The way back was open",
                       .outcome = loss.until ? Outcome::warn : Outcome::fail,
                       .message = fmt::format("{}; {}", loss.seen, stretch_of(loss))});
  for (const auto& finding : findings_) {
    if (finding.outcome == Outcome::warn || finding.outcome == Outcome::unknown) remarks.push_back(finding);
  }
  return remarks;
}

std::vector<ReportLine> WayBackWatch::lines() const {
  std::vector<ReportLine> lines;
  if (!watched_.is_recorded) return lines;
  for (const auto& finding : findings_) lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
  for (const auto& loss : losses_)
    lines.push_back({.text = fmt::format("Lost {}: {}", stretch_of(loss), loss.seen),
                     .mark = loss.until ? Outcome::warn : Outcome::fail});
  if (lines.empty()) lines.push_back({.text = "Nobody looked", .mark = Outcome::unknown});
  return lines;
}

Json WayBackWatch::state() const {
  return json_list(losses_, [](const Loss& loss) { return to_json(loss); });
}

}  // namespace baton::watch
