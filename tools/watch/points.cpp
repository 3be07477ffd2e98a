// Keeping, and judging again.
#include "tools/watch/points.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/loader.h"
#include "common/core/text.h"
#include "common/judge/calibration.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/verdict.h"

namespace baton::watch {
namespace {

/// What rules look at besides the points. Queries made the points, and judge none.
std::map<std::string, std::string> keys_judged_by(const Config& config) {
  auto keys = judge::limits_of(config);
  std::erase_if(keys,
                [](const auto& key) { return key.first.starts_with("watch.metrics.") || key.first == "switch.soak"; });
  return keys;
}

}  // namespace

PointsKeeper::PointsKeeper(const Watched& watched, judge::Session& session)
    : watched_(watched),
      session_(session),
      by_{.app = watched.env.release.app,
          .version = watched.move.version,
          .deployment = watched.move.deployment,
          .since = start_of(watched.move),
          .step = watched.env.config.watch().step,
          .keys = keys_judged_by(watched.env.config)} {
  if (!watched.env.is_dry_run()) session.record_to([this](std::span<const judge::Point> points) { take(points); });
}

/// What begins again goes before what came earlier.
void PointsKeeper::take(std::span<const judge::Point> points) {
  std::erase_if(points_, [&](const judge::Point& known) { return known.time >= points.front().time; });
  points_.insert(points_.end(), points.begin(), points.end());
}

void PointsKeeper::write() try {
  if (points_.empty()) return;
  if (!file_) file_.emplace(inside(watched_.env.dir, watched_.env.dir / "evidence" / "points.db"));
  const auto& criteria = session_.criteria();
  by_.baseline = criteria.baseline;
  by_.not_applicable = criteria.not_applicable;
  file_->add(points_, criteria, by_, session_.seen());
  points_.clear();
} catch (const Error& error) {
  watched_.env.log.warning(fmt::format("the points that were judged are not kept: {}", error.what()));
}

namespace {

/// The limits that the points were judged by, less those that this call gives.
LoadedConfig limits_for(const judge::JudgedBy& by, const LoadedConfig& called) {
  ConfigSource source{.name = "the file of points", .standalone = true, .folder_name = "replay"};
  for (const auto& [key, text] : by.keys) source.overrides.push_back({key, text, source.name});
  const auto ours = keys_judged_by(called.values);
  for (const auto& key : called.overridden()) {
    if (const auto given = ours.find(key); given != ours.end())
      source.overrides.push_back({key, given->second, "--set"});
  }
  return load_config(source, Environment{});
}

std::string differing(const LoadedConfig& limits, const judge::JudgedBy& by) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : keys_judged_by(limits.values)) {
    const auto known = by.keys.find(key);
    if (known == by.keys.end() || known->second != text) keys.push_back(key + ": " + text);
  }
  return join(keys, ", ");
}

std::string stretch_text(const judge::RecordedPoints& recorded) {
  const auto& by = recorded.by;
  if (recorded.points.empty()) return "no point was judged";
  return fmt::format("{} {} ({}): {} points from {} to {}, {} apart", by.app, by.version, by.deployment,
                     recorded.points.size(), to_rfc3339(by.since), to_rfc3339(recorded.points.back().time),
                     to_text(by.step));
}

std::string line_of(const judge::Breach& breach) {
  const auto* rule = judge::find_rule(breach.rule);
  return fmt::format("{} {}: {} from {} to {}\n", rule->is_critical() ? "❌" : "⚠️", breach.rule,
                     judge::measured(rule->metric, breach.worst).text(), to_rfc3339(breach.from),
                     to_rfc3339(breach.to));
}

/// What would have been done.
Verdict verdict_of(const judge::Look& look, const judge::Memory& memory) {
  const auto is_critical = [](const judge::Breach& breach) { return judge::find_rule(breach.rule)->is_critical(); };
  if (std::ranges::any_of(memory.breaches, is_critical)) return Verdict::stop;
  const bool is_seen = look.state == judge::State::healthy || look.state == judge::State::warning;
  return is_seen ? Verdict::proceed : Verdict::unknown;
}

}  // namespace

StepResult replay(const std::vector<std::string>& arguments, Env& env) {
  if (arguments.empty())
    throw Error(ExitCode::usage, "no file of points is named", "baton-watch replay .baton/evidence/points.db");
  const fs::path path = fs::absolute(arguments.front());
  auto recorded = judge::read_points({path.parent_path(), path.filename()});
  const auto limits = limits_for(recorded.by, env.loaded);
  const auto others = differing(limits, recorded.by);
  const judge::Criteria criteria{.config = limits.values,
                                 .baseline = recorded.by.baseline,
                                 .since = recorded.by.since,
                                 .not_applicable = recorded.by.not_applicable};
  StepResult result;
  result.summary = stretch_text(recorded) + "\n";
  judge::Memory memory{.pods = recorded.memory.pods, .counters = recorded.memory.counters};
  judge::replay(criteria, std::move(recorded.points), memory);
  const auto look = judge::conclude(criteria, {.pods = memory.pods}, memory);
  result.verdict = verdict_of(look, memory);
  result.findings = look.findings;
  const bool is_same = to_text(judge::to_json(memory)) == to_text(judge::to_json(recorded.memory));
  if (!others.empty()) {
    result.summary += "judged with other limits: " + others + "\n";
  } else if (is_same) {
    result.summary += "judged again: the same record, bit for bit\n";
  } else {
    result.verdict = Verdict::unknown;
    result.summary += "judged again: NOT the record that is in it: it was altered, or written by another version\n";
  }
  for (const auto& breach : memory.breaches) result.summary += line_of(breach);
  if (memory.breaches.empty()) result.summary += "no limit was broken\n";
  result.record["same"] = others.empty() ? Json(is_same) : Json();
  result.record["breaches"] = judge::to_json(memory)["breaches"];
  return result;
}

}  // namespace baton::watch
