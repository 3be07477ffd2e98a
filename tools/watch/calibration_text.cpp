// Lines and columns.
#include "tools/watch/calibration_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/core/units.h"
#include "common/judge/calibration_ladder.h"
#include "common/judge/rules.h"

namespace baton::watch {
namespace {

using judge::Calibration;

std::string rule_line(std::string_view name, const judge::RuleTally& tally) {
  return fmt::format("  {:<24} {:>8} {:>9}  {}\n", name, tally.windows, tally.breaches.size(),
                     tally.windows == 0 ? "never judged" : judge::share_text(tally.share()));
}

std::string rule_lines(const Calibration& made) {
  auto text = fmt::format("\n  {:<24} {:>8} {:>9}  {}\n", "rule", "windows", "breached", "percent [95 % interval]");
  for (const auto& tally : made.rules) text += rule_line(tally.rule, tally);
  return text + rule_line("any rollback", made.rolled_back());
}

std::string worst_text(const judge::Breach& breach) {
  const auto* rule = judge::find_rule(breach.rule);
  return rule == nullptr ? "" : judge::measured(rule->metric, breach.worst).text() + ", ";
}

std::string breach_lines(const Calibration& made) {
  std::vector<judge::Breach> all;
  for (const auto& tally : made.rules) all.insert(all.end(), tally.breaches.begin(), tally.breaches.end());
  if (all.empty()) return "";
  std::ranges::stable_sort(all, {}, &judge::Breach::from);
  std::string text = "\nEach breach counts as false. Look which of them were incidents or releases:\n";
  for (const auto& breach : all)
    text += fmt::format("  {}  {}: {}until {}\n", to_rfc3339(breach.from), breach.rule, worst_text(breach),
                        to_rfc3339(breach.to));
  return text;
}

std::string found_text(const judge::Detection& detection) {
  if (detection.windows == 0) return "never judged";
  const auto* smallest = detection.smallest();
  const auto& shown = smallest == nullptr ? detection.found.back() : *smallest;
  return fmt::format("{}{} in {} of {}", smallest == nullptr ? "none; " : "", shown.regression, shown.windows,
                     detection.windows);
}

std::string detection_lines(const Calibration& made) {
  auto text = fmt::format("\nSmallest regression found within {} in at least {} % of the windows:\n",
                          to_text(judge::kFoundWithin), judge::kFoundIn);
  for (const auto& detection : made.detections) {
    const auto* metric = judge::find_metric(detection.metric);
    text += fmt::format("  {:<24} {:<11}  {}\n", metric == nullptr ? detection.metric : metric->heading,
                        detection.is_critical ? "rolled back" : "warned of", found_text(detection));
  }
  return text;
}

std::string unknown_lines(const Calibration& made) {
  if (made.unknown.empty()) return "";
  auto text = fmt::format("\n{} of {} windows could not be judged:\n", made.unknown.size(), made.windows);
  const auto& all = made.unknown;
  for (std::size_t at = 0, next = 0; at < all.size(); at = next) {
    while (next < all.size() && all[next].why == all[at].why) ++next;
    text += fmt::format("  {}  {}: {}\n", to_rfc3339(all[at].from),
                        count_text(static_cast<long long>(next - at), "window"), all[at].why);
  }
  return text;
}

Outcome outcome_of(const judge::RuleTally& tally) {
  if (tally.windows == 0) return Outcome::unknown;
  const auto share = tally.share();
  if (share.low > judge::kMostFalse) return Outcome::fail;
  return share.percent > judge::kMostFalse ? Outcome::warn : Outcome::pass;
}

Finding finding_of(const judge::RuleTally& tally) {
  const auto* rule = judge::find_rule(tally.rule);
  Finding finding{.id = tally.rule,
                  .sop = "3",
                  .title = rule == nullptr ? "A warning through the whole soak" : std::string(rule->row.title),
                  .outcome = outcome_of(tally),
                  .expected = {"<=", Measured(judge::kMostFalse, "%")}};
  // What was never judged is no reason against the file: what was, is known.
  finding.critical = finding.outcome != Outcome::unknown;
  finding.message = "never judged";
  if (tally.windows == 0) return finding;
  finding.observed = Measured(tally.share().percent, "%");
  finding.message = fmt::format("in {} of {} windows it would have rolled back; 95 % interval {:.1f} to {:.1f} %",
                                tally.breaches.size(), tally.windows, tally.share().low, tally.share().high);
  finding.recovery = {
      "Look at each breach above: an incident or a release is no false alarm.",
      "Else make its limit wider, or set watch.limits.error_rate.confirm, and run baton-watch calibrate again.",
      "Until then set watch.rollback: manual."};
  return finding;
}

Finding windows_finding(const Calibration& made) {
  Finding finding{.id = "calibration-windows",
                  .sop = "3",
                  .title = "Windows of the history that could be judged",
                  .critical = true,
                  .outcome = Outcome::pass,
                  .observed = Measured(made.judged(), "windows"),
                  .expected = {">=", Measured(judge::kFewestWindows, "windows")}};
  if (made.judged() >= judge::kFewestWindows) return finding;
  finding.outcome = Outcome::unknown;
  finding.message = made.unknown.empty() ? "the history is too short" : "of the newest: " + made.unknown.back().why;
  finding.recovery = {"Mend what the reasons above name: the store's address, its retention, the app's metrics.",
                      "Look further back with --history, or come back when the app has been measured for longer."};
  return finding;
}

}  // namespace

std::string calibration_text(const Calibration& made) {
  return fmt::format(
             "{} in {}: {} windows of {} from {} to {}, {} judged.\n"
             "Each as though a release that changes nothing had come at its beginning.\n",
             made.app, made.namespace_, made.windows, to_text(made.window), to_rfc3339(made.from), to_rfc3339(made.to),
             made.judged()) +
         rule_lines(made) + breach_lines(made) + detection_lines(made) + unknown_lines(made);
}

std::vector<Finding> findings_of(const Calibration& made) {
  std::vector<Finding> findings = {windows_finding(made)};
  if (findings.front().outcome != Outcome::pass) return findings;
  for (const auto& tally : made.rules) {
    if (tally.is_critical) findings.push_back(finding_of(tally));
  }
  return findings;
}

}  // namespace baton::watch
