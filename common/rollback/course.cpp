// Times with what lies between them, and the requests that failed.
#include "common/rollback/course.h"

#include <fmt/format.h>

#include "common/config/sections/watch.h"
#include "common/core/units.h"
#include "common/judge/grid.h"

namespace baton::rollback {
namespace {

constexpr Duration kTarget = std::chrono::minutes(5);  // SOP, "Mean Time to Rollback"
constexpr std::string_view kNotKnown = "not known";

std::string at(std::string_view what, const std::optional<Time>& time) {
  return fmt::format("{}: {}", what, time ? to_rfc3339(*time) : kNotKnown);
}

/// ", 12 s after it began"; nothing where one of the two is not known.
std::string after(const std::optional<Time>& first, const std::optional<Time>& then, std::string_view event) {
  return first && then && *then >= *first ? fmt::format(", {} after {}", to_words(*then - *first), event) : "";
}

ReportLine back_line(const Course& course, std::string_view found) {
  if (!course.back) return {.text = "Traffic was back: no", .mark = Outcome::fail};
  ReportLine line{.text = at("Traffic was back", course.back) + after(course.found, course.back, found)};
  if (!course.found) return line;
  line.text += fmt::format(" (target: under {})", to_text(kTarget));
  line.mark = *course.back - *course.found < kTarget ? Outcome::pass : Outcome::warn;
  return line;
}

ReportLine users_line(const std::optional<Affected>& affected) {
  if (!affected) return {.text = fmt::format("Failed requests of users: {}", kNotKnown), .mark = Outcome::unknown};
  return {.text =
              fmt::format("Failed requests of users: {:.0f} of the {:.0f} that the bad version answered from {} to {}",
                          affected->counts.errors, affected->counts.requests, to_rfc3339(affected->from),
                          to_rfc3339(affected->to))};
}

}  // namespace

std::optional<Affected> affected_users(const Request& request, const judge::Scope& scope, Time from, Time to) {
  if (request.store == nullptr || request.baseline == nullptr || !request.baseline->source) return std::nullopt;
  const auto& config = request.context.config;
  const judge::Stretch stretch{.from = from, .to = to, .step = config.watch().step};
  const auto terms = judge::terms_for(config, scope, request.baseline->source, judge::rate_window(config));
  Affected affected{.from = from, .to = to};
  bool is_seen = false;
  try {
    judge::CountersByPod counters;
    for (const auto& point : judge::points_of(judge::read_answers(*request.store, terms, stretch, request.context.stop),
                                              stretch, counters)) {
      if (!point.counts) continue;
      is_seen = true;
      affected.counts.errors += point.counts->errors;
      affected.counts.requests += point.counts->requests;
    }
  } catch (const Error&) {
    return std::nullopt;
  }
  return is_seen ? std::optional(affected) : std::nullopt;
}

std::vector<ReportLine> lines_of(const Course& course, std::string_view by) {
  const bool is_found = by.starts_with("baton-");
  return {{.text = at("It began", course.began)},
          {.text = at(is_found ? "It was found" : "The rollback was asked for", course.found) +
                   after(course.began, course.found, "it began")},
          back_line(course, is_found ? "it was found" : "it was asked for"),
          users_line(course.affected)};
}

}  // namespace baton::rollback
