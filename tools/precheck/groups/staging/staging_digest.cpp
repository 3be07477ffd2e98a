// SOP 1.4: deploy to the staging environment. What is tested there must be what goes to production.
#include <fmt/format.h>

#include <set>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/staging_pods.h"

namespace baton::precheck {
namespace {

/// "shop-1 runs sha256:…", of those that do not run the release.
std::string other_text(const StagingPod& pod) {
  std::set<std::string> digests;
  for (const auto& container : pod.containers)
    digests.insert(container.digest.empty() ? "an image without a digest" : short_digest(container.digest));
  const std::vector<std::string> sorted(digests.begin(), digests.end());
  return fmt::format("'{}' runs {}", printable(pod.name, 100), sorted.empty() ? "nothing" : join(sorted, ", "));
}

Observation observe(const Look& look) {
  const auto& digest = digest_of_release(look);
  auto staging = look.staging();
  const auto pods = staging_pods(look, staging);
  std::vector<std::string> others;
  std::size_t ready = 0;
  for (const auto& pod : pods) {
    if (pod.running(digest).empty()) others.push_back(other_text(pod));
    if (pod.is_ready) ++ready;
  }
  Observation seen{.observed = Measured(short_digest(digest))};
  seen.message = fmt::format("{}/{} pods on staging run {}, {} ready", pods.size() - others.size(), pods.size(),
                             short_digest(digest), ready);
  if (!others.empty()) {
    seen.outcome = Outcome::fail;
    seen.observed = Measured(others.front());
    if (others.size() > 3) others.resize(3);
    seen.message += "; " + join(others, "; ");
    seen.recovery = {"Deploy the release's digest to staging, and run its tests there again."};
  } else if (ready == 0) {
    seen.recovery = {"Look why no pod on staging gets ready."};
  } else {
    seen.outcome = ready == pods.size() ? Outcome::pass : Outcome::warn;
  }
  return seen;
}

}  // namespace

extern const Check staging_digest{
    .id = "staging-digest",
    .sop = "1.4",
    .title = "Release on staging",
    .expected = [](const Config&) { return Expected("every pod runs the release's digest"); },
    .needs = "precheck.staging.kubernetes.namespace",
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
