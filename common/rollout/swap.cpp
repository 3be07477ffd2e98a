// The selector, moved by compare-and-swap.
#include "common/rollout/swap.h"

#include <fmt/format.h>

#include "common/rollout/by_hand.h"
#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/live.h"
#include "common/rollout/services.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

void require_known(const Context& context, const Labels& now, const std::optional<Labels>& from, const Labels& to) {
  if (!from || now == *from || now == to) return;
  throw Error(
      ExitCode::handoff,
      fmt::format("the Service selects '{}', which is neither '{}' nor '{}': somebody else moved the traffic",
                  selector_text(now), selector_text(*from), selector_text(to)),
      "Look who changed the Service; if the traffic must go to the version before: " + rollback_command(context));
}

/// Empty: of both.
std::string colour_in(const Labels& selector, const Move& move) {
  const auto found = selector.find(move.label);
  return found == selector.end() ? "" : found->second;
}

void require_others_moved(Context& context, const Move& move) {
  const auto colour = colour_in(selector_of_share(move), move);
  const auto astray = services_astray(context, move, colour);
  if (astray.empty()) return;
  throw Error(ExitCode::handoff,
              fmt::format("service '{}' no longer selects {}: somebody else moved its traffic", astray.front(),
                          colour.empty() ? "both colours" : "'" + colour + "' alone"),
              fmt::format("Look who changed it. To go on, run the same command again; to go back: {}",
                          rollback_command(context)));
}

void require_rolled(Context& context, const Move& move) {
  const auto workload = find_workload(context, move);
  if (!workload || has_image(*workload, pinned_image(context.config, move.digest))) return;
  throw Error(
      ExitCode::handoff,
      fmt::format("'{}' got another image than {}'s: somebody else releases, too", move.deployment, move.version),
      fmt::format("Look who deployed it. To go back: {}", rollback_command(context)));
}

/// Each race is run on what was read last.
template <class Patch>
void write_service(Context& context, const Lease& lease, Patch patch) {
  until_not_lost([&] {
    const auto service = find_service(context);
    lease.confirm();
    context.kube.json_patch(kube::kServices, name_of(service), patch(service), context.stop);
  });
}

}  // namespace

void move_selector(Context& context, Lease& lease, const std::optional<Labels>& from, const Labels& to, Move& move) {
  write_ahead(lease, move);
  const auto others = [&] { point_services(context, lease, move, colour_in(to, move)); };
  const bool goes_over = move.phase == Phase::switching;
  if (goes_over) {
    require_known(context, labels_from(find_service(context)["spec"]["selector"]), from, to);
    others();
  }
  write_service(context, lease, [&](const Json& service) {
    require_known(context, labels_from(service["spec"]["selector"]), from, to);
    return selector_patch(service, to, move);
  });
  if (!goes_over) others();
}

void require_moved(Context& context, const Move& move) {
  if (move.rolled) require_rolled(context, move);
  const auto selector = labels_from(find_service(context)["spec"]["selector"]);
  if (selector == selector_of_share(move)) return require_others_moved(context, move);
  const bool are_both = selects(selector, move.selector_before) && selects(selector, move.selector_after);
  throw Error(ExitCode::handoff,
              fmt::format("the Service selects '{}' by now: somebody else moved the traffic{}", selector_text(selector),
                          are_both ? fmt::format(", and '{}' and '{}' both serve, the new one unjudged",
                                                 move.previous_deployment, move.deployment)
                                   : std::string()),
              fmt::format("Look who changed the Service. To go on, run the same command again; to go back: {}",
                          rollback_command(context)));
}

void write_ahead(Lease& lease, Move& move) {
  ++move.revision;
  lease.record(move);
}

void record_move(Context& context, Lease& lease, Move& move) {
  write_ahead(lease, move);
  write_service(context, lease, [&](const Json& service) {
    return selector_patch(service, labels_from(service["spec"]["selector"]), move);
  });
}

void complete_record(Context& context, Lease& lease, Move& move) {
  const auto copy = move_in(find_service(context));
  if (!copy || copy->id != move.id || copy->revision < move.revision) record_move(context, lease, move);
}

void forget_move(Context& context, Lease& lease, const Labels& selector) {
  if (move_in(find_service(context))) {
    write_service(context, lease, [&](const Json& service) {
      require_known(context, labels_from(service["spec"]["selector"]), selector, selector);
      return forget_patch(service);
    });
  }
  lease.record(std::nullopt);
}

}  // namespace baton::rollout
