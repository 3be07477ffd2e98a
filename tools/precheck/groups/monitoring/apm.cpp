// SOP, "Monitoring & Alerting": the APM sees the service.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/endpoint_answer.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

constexpr Duration kMostOld = 5min;
constexpr Duration kClocksDiffer = 1min;

Time last_seen(const Json& answer, const std::string& pointer) {
  const auto* found = resolve_pointer(answer, pointer);
  const std::string hint = "Let precheck.monitoring.apm.pointer lead to the time when it last saw the service.";
  if (found == nullptr)
    throw Error(ExitCode::unknown, "the APM's answer has nothing at '" + printable(pointer, 200) + "'", hint);
  const auto time = time_in(*found);
  if (!time)
    throw Error(ExitCode::unknown,
                fmt::format("the APM's answer has no time at '{}': {}", printable(pointer, 200),
                            printable(to_text(*found), 100)),
                hint);
  return *time;
}

Observation observe(const Look& look) {
  const auto& [at, pointer] = look.config().precheck().monitoring.apm;
  const auto seen_at = last_seen(json_from(look, at, "precheck.monitoring.apm"), pointer);
  const Duration age = look.now() - seen_at;
  if (age < -kClocksDiffer)
    return {.message = "the APM will have seen the service at " + to_rfc3339(seen_at), .recovery = {"Set the clocks."}};
  Observation seen{.outcome = age <= kMostOld ? Outcome::pass : Outcome::warn,
                   .observed = Measured(to_words(std::max(age, Duration{0})))};
  seen.message = fmt::format("the APM saw the service {} ago", seen.observed.text());
  if (seen.outcome == Outcome::warn) seen.recovery = {"Look that the application's agent runs and reports."};
  return seen;
}

}  // namespace

extern const Check apm{.id = "apm",
                       .sop = "Pre",
                       .title = "APM",
                       .expected = [](const Config&) { return Expected("saw the service in the last 5 minutes"); },
                       .needs = "precheck.monitoring.apm",
                       .observe = observe};

}  // namespace baton::precheck
