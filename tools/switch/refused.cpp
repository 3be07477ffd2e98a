// Refusals.
#include "tools/switch/refused.h"

#include "common/rollout/refusals.h"

namespace baton::cutover {

std::optional<StepResult> refusal_of(const Preflight& found) {
  if (!found.is_refused) return std::nullopt;
  StepResult result{.verdict = Verdict::stop, .findings = found.obstacles};
  result.summary = "Refused before anything was written";
  for (const auto& finding : found.obstacles) {
    if (finding.outcome == Outcome::fail)
      result.recovery.insert(result.recovery.end(), finding.recovery.begin(), finding.recovery.end());
  }
  return result;
}

std::optional<StepResult> refused_digest(rollout::Context& context, const std::string& digest) {
  const auto refused = rollout::refused_digest(context, digest);
  if (!refused) return std::nullopt;
  Finding finding{.id = "digest-not-refused",
                  .sop = "2c",
                  .title = "The image was not rolled back before",
                  .critical = true,
                  .outcome = Outcome::fail,
                  .observed = refused->observed,
                  .message = refused->message,
                  .recovery = refused->recovery};
  return StepResult{
      .verdict = Verdict::stop, .findings = {finding}, .summary = finding.message, .recovery = finding.recovery};
}

}  // namespace baton::cutover
