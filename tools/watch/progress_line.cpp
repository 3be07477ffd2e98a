// The newest numbers in a row.
#include "tools/watch/progress_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/judge/rules.h"

namespace baton::watch {
namespace {

/// The warning's limit, or where there is none the critical one; empty of a metric that is not judged.
std::string limit_text(const judge::Metric& metric, const judge::Look& look) {
  std::string limit;
  for (const auto& finding : look.findings) {
    const auto* rule = judge::find_rule(finding.id);
    const bool is_limit = rule != nullptr && &rule->metric == &metric && finding.expected.value.number();
    if (!is_limit || (finding.critical && !limit.empty())) continue;
    limit = fmt::format(" ({} {})", finding.expected.relation, finding.expected.value.text());
  }
  return limit;
}

std::string numbers_text(const judge::Look& look, const judge::Memory& seen) {
  std::vector<std::string> numbers;
  for (const auto* metric : judge::metrics()) {
    const auto figures = seen.figures.find(std::string(metric->id));
    if (figures == seen.figures.end()) continue;
    numbers.push_back(fmt::format("{} {}{}", metric->heading, judge::measured(*metric, figures->second.newest).text(),
                                  limit_text(*metric, look)));
  }
  return numbers.empty() ? "nothing was measured yet" : join(numbers, ", ");
}

Time whole_seconds(Time time) { return std::chrono::floor<std::chrono::seconds>(time); }

std::string clock_text(Time time) { return to_log_stamp(time).substr(std::string_view("2026-03-01 ").size()); }

}  // namespace

std::string progress_line(const judge::Look& look, const judge::Memory& seen, const Phases& phases, Time now) {
  return fmt::format("{} {} phase: {}; {}; next look at {}", to_rfc3339(whole_seconds(now)), phase_name(phases.at(now)),
                     look.reason.empty() ? "healthy" : look.reason, numbers_text(look, seen),
                     to_rfc3339(whole_seconds(phases.next_look(now))));
}

std::string progress_row(const judge::Look& look, const judge::Memory& seen, Time now, Time next) {
  // The numbers of before say nothing of a release that nobody can see.
  return fmt::format("{} UTC, next look {}: {}", clock_text(now), clock_text(next),
                     look.state == judge::State::blind ? "blind: " + look.reason : numbers_text(look, seen));
}

void ProgressLines::say(const judge::Look& look, const judge::Memory& seen, const Phases& phases, Time now) {
  if (now >= next_) {
    log_.info(progress_line(look, seen, phases, now));
    next_ = phases.next_look(now);
  }
  log_.status(progress_row(look, seen, now, next_));
}

}  // namespace baton::watch
