// pre-deployment-checklist.md in the SOP's layout.
#pragma once

#include <span>

#include "common/core/report.h"
#include "tools/precheck/runner.h"

namespace baton::precheck {

/// The decision, what to fix first and `head`, then one section a group, one line a check; the decision again where the
/// SOP has it, last.
Report checklist(std::span<const GroupFindings> groups, Verdict verdict, std::vector<ReportLine> head);
/// Of a look at some checks: its closing line says that it decides nothing.
Report partial_checklist(std::span<const GroupFindings> groups, std::vector<ReportLine> head);
/// "✅ APPROVED FOR DEPLOYMENT", "⚠️ CAUTION …", "❌ STOP …", "❔ UNKNOWN …".
std::string decision_text(Verdict verdict);

}  // namespace baton::precheck
