// SOP, "Prerequisites": Rollback plan documented (rollback-plan.md).
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "tools/precheck/check.h"
#include "tools/precheck/documentation/document.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto document = read_document(look.config().precheck().documentation.rollback_plan, "rollback-plan");
  const auto lines = std::ranges::count_if(markdown_lines(document.text), says_something);
  return {.outcome = lines > 0 ? Outcome::pass : Outcome::warn,
          .observed = Measured(lines, "lines"),
          .message = fmt::format("'{}'{}", printable(document.name, 200), lines > 0 ? "" : " says nothing"),
          .evidence = {document.evidence}};
}

}  // namespace

extern const Check rollback_plan{
    .id = "rollback-plan",
    .sop = "Pre",
    .title = "Rollback plan",
    .expected = [](const Config&) { return Expected(">=", Measured(1, "lines"), "written down"); },
    .needs = "precheck.documentation.rollback_plan",
    .observe = observe};

}  // namespace baton::precheck
