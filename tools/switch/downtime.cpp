// Downtime.
#include "tools/switch/downtime.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/units.h"
#include "common/judge/queries.h"
#include "common/judge/rules.h"
#include "common/rollback/scope.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

constexpr double kSpike = 0.1;  // percentage points, the SOP's Success Metrics

/// The query's value; nothing for an answer without a series.
std::optional<double> number(World& world, const std::string& query) {
  const auto series = world.store->query(query, world.env.clock.now(), world.env.stop).series;
  if (series.empty() || series.front().samples.empty()) return std::nullopt;
  return series.front().samples.back().value;
}

std::optional<judge::Counts> counted(World& world, const Attempt& attempt) {
  const auto scope = rollback::scope_of(world.context, attempt.move, rollback::Side::after);
  const auto since = std::chrono::ceil<std::chrono::seconds>(world.env.clock.now() - *attempt.move.patched_at);
  const auto terms =
      judge::terms_for(world.env.config, scope, attempt.baseline->source, std::max<Duration>(since, 1s)).of_all();
  const auto requests = number(world, judge::requests_grown(terms, "increase"));
  if (!requests) return std::nullopt;
  const auto errors = number(world, judge::errors_grown(terms, "increase"));
  if (!errors && judge::has_own_errors(terms)) return std::nullopt;
  return judge::Counts{.errors = errors.value_or(0), .requests = *requests};
}

}  // namespace

Finding downtime_of(const judge::Counts& seen, const judge::Counts& before) {
  const double rise = std::max(0.0, seen.percent() - before.percent());
  const double z = judge::normal_quantile(1 - judge::kLookAlpha);
  const bool is_spike = rise >= kSpike && judge::difference_lower_bound(seen, before, z) > 0;
  return {.id = "downtime",
          .sop = "2c.4",
          .title = "Requests that failed from the switch to the end of the soak",
          .outcome = is_spike ? Outcome::warn : Outcome::pass,
          .observed = Measured(rise, "pp"),
          .expected = fmt::format("< {:g} over what failed before", kSpike),
          .message = fmt::format("{:.0f} of {:.0f} requests failed ({:.2f} %, {:.2f} % before)", seen.errors,
                                 seen.requests, seen.percent(), before.percent())};
}

void measure_downtime(World& world, Attempt& attempt) {
  const bool is_asked = world.store && attempt.baseline && attempt.baseline->source && attempt.move.patched_at;
  if (!is_asked) return;
  try {
    const auto seen = counted(world, attempt);
    if (!seen) return;
    attempt.downtime = Json::object({{"requests", number_text(seen->requests)}, {"failed", number_text(seen->errors)}});
    attempt.findings.push_back(downtime_of(*seen, judge::before_switch(*attempt.baseline)));
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    world.env.log.warning(std::string("what failed since the switch is not known: ") + error.what());
  }
}

}  // namespace baton::cutover
