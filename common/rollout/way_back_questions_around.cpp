// What surrounds the way back: quotas, autoscalers, rights and credentials.
#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/pods.h"
#include "common/rollout/rights.h"
#include "common/rollout/room.h"
#include "common/rollout/way_back_questions.h"

namespace baton::rollout::way_back {
namespace {

constexpr Duration kLasts = std::chrono::hours(24);

/// Beside the pods that stand. A rolled Deployment needs one more than it has.
int pods_to_start(const Look& look) {
  if (look.move.rolled) return 1;
  return std::max(0, look.wanted - look.facts.before.pods);
}

}  // namespace

Answers room(Look& look) {
  const auto more = pods_to_start(look);
  if (more == 0) return std::nullopt;
  const auto quotas = readable_quotas(look.context);
  if (!quotas)
    return Answer{.outcome = Outcome::unknown,
                  .message = fmt::format("whether quotas have room for {} more is not known: they may not be listed",
                                         count_text(more, "pod")),
                  .recovery = {"Grant the verb 'list' on 'resourcequotas' to the identity the pipeline uses."}};
  const auto lacking = shortage_for(*quotas, look.spec, more);
  if (!lacking) return Answer{.observed = count_text(more, "pod") + " more"};
  return Answer{.outcome = Outcome::fail,
                .observed = fmt::format("{} of {} {} used", lacking->used, lacking->hard, lacking->name),
                .message = fmt::format("quota '{}' has no room for the {} more that a rollback has to start, {:g} each",
                                       lacking->quota, count_text(more, "pod"), lacking->each),
                .recovery = {fmt::format("Raise the quota '{}', or scale something else down.", lacking->quota)}};
}

Answers autoscaler(Look& look) {
  if (look.move.rolled) return std::nullopt;
  const auto found = autoscalers_of(look.context, look.name, look.move.deployment);
  for (const auto& one : found) {
    const auto most = one["spec"]["maxReplicas"].integer_or(look.wanted);
    if (const auto keeper = keeper_of(one); !keeper.empty())
      return Answer{.outcome = Outcome::warn,
                    .observed = name_of(one),
                    .message = fmt::format("HorizontalPodAutoscaler '{}' is kept by {}: a rollback does not aim it at "
                                           "'{}'",
                                           name_of(one), keeper, look.name),
                    .recovery = {fmt::format("After a rollback aim it at '{}' yourself.", look.name)}};
    if (most < look.wanted)
      return Answer{.outcome = Outcome::warn,
                    .observed = fmt::format("at most {}", count_text(most, "pod")),
                    .message = fmt::format("HorizontalPodAutoscaler '{}' would take '{}' down to that, where {} serve",
                                           name_of(one), look.name, look.wanted),
                    .recovery = {"Raise its maxReplicas."}};
  }
  return found.empty() ? Answers() : Answer{.observed = name_of(found.front())};
}

Answers rights(Look& look) {
  const auto missing = missing_rights_back(look.context, look.move);
  if (missing.empty()) return Answer{};
  return Answer{.outcome = Outcome::fail,
                .observed = "missing",
                .message = fmt::format("a rollback may not: {}", join(missing, ", ")),
                .recovery = {"Grant these rights again to the identity the pipeline uses."}};
}

Answers credentials(Look& look) {
  const auto end = look.context.kube.credentials_end();
  if (!end) return std::nullopt;
  const auto left = *end - look.context.clock.now();
  if (left > kLasts) return Answer{.observed = "until " + to_rfc3339(*end)};
  return Answer{.outcome = Outcome::warn,
                .observed = "until " + to_rfc3339(*end),
                .message = fmt::format("they end in {}: whoever rolls back after that is refused",
                                       to_words(std::chrono::floor<std::chrono::minutes>(left))),
                .recovery = {"Renew the token or the client certificate before then."}};
}

}  // namespace baton::rollout::way_back
