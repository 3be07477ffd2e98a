// SOP 1.3: the rollback migration works, which staging has shown.
#include "tools/precheck/rehearsal_record.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) { return judge_rehearsal(look, judge_way_down); }

}  // namespace

extern const Check migrations_reversible{.id = "migrations-reversible",
                                         .sop = "1.3",
                                         .title = "Rollback migration",
                                         .expected = [](const Config&) { return Expected("tested, works"); },
                                         .needs = "database.url",
                                         .critical = true,
                                         .part = "database",
                                         .part_needs = "database.url",
                                         .declared = WhenDeclared::settled,
                                         .observe = observe};

}  // namespace baton::precheck
