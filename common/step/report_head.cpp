// The head of checklist, report and summary.
#include "common/step/report_head.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/core/units.h"

namespace baton {
namespace {

std::string stretch_text(Time from, std::optional<Time> until) {
  if (!until) return fmt::format("From: {}, not over yet", to_rfc3339(from));
  const Duration whole = std::chrono::ceil<std::chrono::seconds>(*until - from);
  return fmt::format("From: {} until {} ({})", to_rfc3339(from), to_rfc3339(*until), to_words(whole));
}

std::string by_text(const View& env) {
  const auto actor = actor_of(env);
  return (actor.empty() ? "not known" : actor) + in_brackets(env.run.url);
}

}  // namespace

std::string actor_of(const View& env) {
  return env.run.actor.empty() ? env.environment.value_or("USER", "") : env.run.actor;
}

std::vector<ReportLine> head_of(const View& env, Time from, std::optional<Time> until) {
  std::vector<ReportLine> lines = {{.text = "Application: " + env.release.app},
                                   {.text = "Version: " + env.release.version},
                                   {.text = "Environment: " + env.release.environment}};
  if (!env.release.id.empty()) lines.push_back({.text = "Deployment: " + env.release.id});
  lines.push_back({.text = stretch_text(from, until)});
  lines.push_back({.text = "By: " + by_text(env)});
  return lines;
}

}  // namespace baton
