// SOP 1.1: P95 latency < target.
#include <fmt/format.h>

#include <cmath>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/load_test.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kKey = "precheck.quality.performance.query";

/// The application and the release, which are all that a load test before the deployment can be about.
std::string filled(const Look& look) {
  const auto& version = look.release().version;
  return fill_placeholders(look.config().precheck().quality.performance_query,
                           [&](std::string_view name) -> std::optional<std::string> {
                             if (name == "app") return look.config().app;
                             if (name == "version") return version;
                             if (name == "semver") return version.starts_with('v') ? version.substr(1) : version;
                             return std::nullopt;
                           });
}

/// Throws Error{unknown} on anything but one time in seconds.
LoadResults ask_store(const Look& look) {
  const auto answer = look.metrics().query(filled(look), look.now(), look.stop());
  prometheus::require_whole(answer);
  if (answer.series.size() != 1 || answer.series.front().samples.size() != 1) {
    throw Error(ExitCode::unknown,
                fmt::format("{} found {}; one number is needed", kKey,
                            count_text(static_cast<long long>(answer.series.size()), "series", "series")),
                "Run the query by hand, and aggregate it to one series.");
  }
  const auto seconds = answer.series.front().samples.front().value;
  if (!std::isfinite(seconds) || seconds <= 0) {
    throw Error(ExitCode::unknown, fmt::format("{} gave {}: no request was measured", kKey, number_text(seconds)),
                "Run the load test before precheck, or correct the query, which must give seconds.");
  }
  return {.p95 = P95{.ms = seconds * 1000}, .silent = std::string(kKey)};
}

Observation observe(const Look& look) {
  const auto& config = look.config().precheck().quality;
  LoadResults all;
  auto evidence = read_load(look, config.performance_reports, all);
  if (!config.performance_query.empty()) all += ask_store(look);
  auto seen = judge_load(all, {.max_p95 = config.max_p95});
  seen.evidence = std::move(evidence);
  return seen;
}

}  // namespace

extern const Check performance{.id = "performance",
                               .sop = "1.1",
                               .title = "Performance",
                               .expected = expected_p95,
                               .needs = "precheck.quality.performance.reports or precheck.quality.performance.query",
                               .critical = true,
                               .observe = observe};

}  // namespace baton::precheck
