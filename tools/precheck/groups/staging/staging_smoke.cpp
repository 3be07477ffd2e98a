// SOP 1.4: smoke tests of the critical user flows, on staging.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "common/rollout/probe.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/test_suite.h"
#include "tools/precheck/worst.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kAtOnce = 8;  // staging is often small

/// What is wrong with the answer; empty when nothing is. Throws Error{unknown} where there is none.
std::string ask(const Look& look, const SmokeProbe& probe) {
  const Duration start = look.monotonic();
  auto response = look.http().send({.url = look.config().precheck().staging.url + probe.path,
                                    .deadline = probe.max_time + std::chrono::seconds(5),
                                    .origin = look.origin("precheck.staging.url")},
                                   look.stop());
  return rollout::complaint_about(probe, {.status = response.status,
                                          .headers = std::move(response.headers),
                                          .body = std::move(response.body),
                                          .took = look.monotonic() - start});
}

Observation ask_all(const Look& look, const std::vector<SmokeProbe>& probes) {
  std::vector<std::string> complaints(probes.size());
  in_parallel(probes.size(), kAtOnce, [&](std::size_t at) { complaints[at] = ask(look, probes[at]); });
  std::vector<std::string> failures;
  for (std::size_t at = 0; at < probes.size(); ++at) {
    if (!complaints[at].empty()) failures.push_back(probes[at].path + ": " + complaints[at]);
  }
  const auto passed = probes.size() - failures.size();
  Observation seen{.outcome = failures.empty() ? Outcome::pass : Outcome::fail,
                   .observed = Measured(passed, "probes passed")};
  seen.message = fmt::format("{}/{} probes passed", passed, probes.size());
  if (!failures.empty()) seen.message += "; " + join(failures, "; ");
  return seen;
}

/// The worse of both, with what both say.
Observation joined(Observation probes, Observation reports) {
  if (weight(probes.outcome) > weight(reports.outcome)) {
    reports.outcome = probes.outcome;
    reports.observed = probes.observed;
  }
  reports.message = probes.message + "; reports: " + reports.message;
  return reports;
}

Observation observe(const Look& look) {
  const auto& staging = look.config().precheck().staging;
  const auto& probes = look.config().rollout().smoke;
  const bool asks = !staging.url.empty() && (!probes.empty() || staging.smoke.empty());
  if (asks && probes.empty())
    throw Error(ExitCode::unknown, "switch.smoke names no probe", "List the critical paths in switch.smoke.");
  if (!asks) return look_at_suite(look, staging.smoke, {});
  auto seen = ask_all(look, probes);
  return staging.smoke.empty() ? seen : joined(std::move(seen), look_at_suite(look, staging.smoke, {}));
}

}  // namespace

extern const Check staging_smoke{
    .id = "staging-smoke",
    .sop = "1.4",
    .title = "Smoke tests on staging",
    .expected =
        [](const Config&) { return Expected("every probe of switch.smoke answers as configured, every test passes"); },
    .needs = "precheck.staging.url or precheck.staging.smoke",
    .critical = true,
    .is_waivable = false,
    .observe = observe};

}  // namespace baton::precheck
