// SOP 1.6: the database's disk has more than 30 % free.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/store.h"

namespace baton::precheck {
namespace {

constexpr double kStops = 10;  // percent; decisions 14

Error no_share(const std::string& why) {
  return {ExitCode::unknown, "precheck.capacity.database_disk " + why,
          "Write a query whose answer is the free share of the database's disk, from 0 to 1."};
}

/// Percent; the least of several disks.
double least_free(const prometheus::Answer& answer) {
  prometheus::require_whole(answer);
  double least = 1;
  bool is_empty = true;
  for (const auto& series : answer.series) {
    for (const auto& sample : series.samples) {
      if (!(sample.value >= 0 && sample.value <= 1))
        throw no_share(fmt::format("gives {}, which is no share from 0 to 1", sample.value));
      least = std::min(least, sample.value);
      is_empty = false;
    }
  }
  if (is_empty) throw no_share("gives nothing");
  return 100 * least;
}

Observation observe(const Look& look) {
  const auto& capacity = look.config().precheck().capacity;
  auto& store = require_store(look);
  const auto answer = store.query(filled_query(look, capacity.database_disk), look.now(), look.stop());
  const double free = least_free(answer);
  const double wanted = capacity.database_disk_free.value;
  Observation seen{.outcome = Outcome::warn, .observed = Measured(free, "%")};
  if (free > wanted) seen.outcome = Outcome::pass;
  if (free < std::min(kStops, wanted)) seen.outcome = Outcome::fail;
  seen.message = fmt::format("{} free", seen.observed.text());
  if (answer.series.size() > 1) seen.message += fmt::format(", the least of {} disks", answer.series.size());
  if (seen.outcome != Outcome::pass) seen.recovery = {"Free space on the database's disk, or enlarge it."};
  return seen;
}

}  // namespace

extern const Check database_disk{
    .id = "database-disk",
    .sop = "1.6",
    .title = "Database disk",
    .expected =
        [](const Config& config) {
          return Expected(">", Measured(config.precheck().capacity.database_disk_free.value, "%"), "free");
        },
    .needs = "precheck.capacity.database_disk",
    .critical = true,
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .observe = observe};

}  // namespace baton::precheck
