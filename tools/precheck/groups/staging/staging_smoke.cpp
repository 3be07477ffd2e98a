// SOP 1.4: smoke tests of the critical user flows, on staging.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// What is wrong with the answer; empty when nothing is.
std::string complaint(const SmokeProbe& probe, const HttpResponse& response, Duration took) {
  if (response.status != probe.status) return fmt::format("status {}, expected {}", response.status, probe.status);
  if (took > probe.max_time) return fmt::format("took {}, at most {}", to_words(took), to_words(probe.max_time));
  if (probe.json.empty()) return {};
  const Json body = parse_json(response.body, probe.path);
  for (const auto& [pointer, expected] : probe.json) {
    const Json* found = resolve_pointer(body, pointer);
    if (found == nullptr || *found != expected) return fmt::format("{} is not {}", pointer, to_text(expected));
  }
  return {};
}

Observation observe(const Look& look) {
  const auto& probes = look.config().rollout().smoke;
  if (probes.empty())
    throw Error(ExitCode::unknown, "switch.smoke names no probe", "List the critical paths in switch.smoke.");
  std::vector<std::string> failures;
  for (const auto& probe : probes) {
    const Duration start = look.monotonic();
    const auto response = look.http().send({.url = look.config().precheck().staging_url + probe.path,
                                            .deadline = probe.max_time + std::chrono::seconds(5)},
                                           look.stop());
    const auto wrong = complaint(probe, response, look.monotonic() - start);
    if (!wrong.empty()) failures.push_back(probe.path + ": " + wrong);
  }
  Observation seen{.outcome = failures.empty() ? Outcome::pass : Outcome::fail,
                   .observed = Measured(probes.size() - failures.size(), "probes passed")};
  seen.message = fmt::format("{}/{} probes passed", probes.size() - failures.size(), probes.size());
  if (!failures.empty()) seen.message += "; " + join(failures, "; ");
  return seen;
}

}  // namespace

extern const Check staging_smoke{
    .id = "staging-smoke",
    .sop = "1.4",
    .title = "Smoke tests on staging",
    .expected = [](const Config&) { return Expected("every probe of switch.smoke answers as configured"); },
    .needs = "precheck.staging.url",
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
