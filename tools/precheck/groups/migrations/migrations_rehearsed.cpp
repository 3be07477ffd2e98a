// SOP 1.3: the migrations run on staging, without errors, in less than five minutes, and block nobody.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/rehearsal_record.h"

namespace baton::precheck {
namespace {

Expected expected(const Config& config) {
  const auto& limits = config.precheck().migrations;
  return fmt::format("success in < {}, nobody waits > {}", to_text(limits.max_duration), to_text(limits.max_lock));
}

Observation observe(const Look& look) {
  return judge_rehearsal(look, [&](const Rehearsal& rehearsal) { return judge_success(rehearsal, look.config()); });
}

}  // namespace

extern const Check migrations_rehearsed{.id = "migrations-rehearsed",
                                        .sop = "1.3",
                                        .title = "Staging migration",
                                        .expected = expected,
                                        .needs = "database.url",
                                        .critical = true,
                                        .part = "database",
                                        .part_needs = "database.url",
                                        .declared = WhenDeclared::settled,
                                        .observe = observe};

}  // namespace baton::precheck
