// The monitoring report in the SOP's layout.
#pragma once

#include "common/judge/session.h"
#include "common/step/report_head.h"
#include "tools/watch/phases.h"
#include "tools/watch/warning.h"

namespace baton::watch {

struct ReportFacts {
  std::string version;
  std::vector<ReportLine> head = {};  ///< which deployment, from when until when, by whom
  const Phases& phases;
  const judge::Baseline& baseline;
  const judge::Session& session;
  const judge::Look& look;
  const std::vector<Warning>& warnings;
  Time now{};
  double coverage = 0;                    ///< percent of the window so far
  std::vector<ReportLine> way_back = {};  ///< none: there is nothing to go back to
  std::string without_metrics = {};       ///< why no metrics were judged; empty: they were
};

/// Every line is marked by what was measured; what nobody looked at stays ❔.
Report monitoring_report(const ReportFacts& facts);

}  // namespace baton::watch
