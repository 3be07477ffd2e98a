// Server-side apply, and what is not left to it.
#include "common/rollout/applied.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/copies.h"
#include "common/rollout/pods.h"
#include "common/rollout/refusals.h"
#include "common/rollout/route.h"

namespace baton::rollout {
namespace {

constexpr std::string_view kMoved = "is moved by Baton itself, with the traffic";
constexpr std::string_view kRuns = "runs by itself, before the release is tried, and no rollback would end it";

struct Asked {
  const Context& context;
  const Live& live;
  const Manifest& manifest;
  const Json& object;

  std::string next() const { return name_of(live.service) + "-" + live.next; }
};

bool is_anywhere(const Asked& /*asked*/) { return true; }

bool sizes_a_colour(const Asked& asked) {
  const auto target = asked.object["spec"]["scaleTargetRef"]["name"].string_or("");
  return target == name_of(asked.live.deployment) || target == asked.next() ||
         target == asked.manifest.deployment["metadata"]["name"].string_or("");
}

Labels next_labels(const Asked& asked) {
  return with(labels_from(asked.manifest.deployment["spec"]["template"]["metadata"]["labels"]), asked.live.label,
              asked.live.next);
}

bool guards_a_colour(const Asked& asked) {
  const auto& selector = asked.object["spec"]["selector"];
  return label_selector_matches(selector, next_labels(asked)) ||
         label_selector_matches(selector, labels_from(asked.live.deployment["spec"]["template"]["metadata"]["labels"]));
}

bool shares_traffic(const Asked& asked) { return name_of(asked.object) == route_of(asked.context.config); }

/// Headless ones are left out: whoever picks pods by DNS asks for each of them.
bool sends_traffic(const Asked& asked) {
  const auto& spec = asked.object["spec"];
  const auto name = name_of(asked.object);
  const auto& listed = asked.context.config.kubernetes().services;
  const bool is_switched =
      name == name_of(asked.live.service) || name == asked.next() || std::ranges::find(listed, name) != listed.end();
  const bool is_headless = spec["clusterIP"].string_or("") == "None";
  return is_switched || (!is_headless && selects(labels_from(spec["selector"]), next_labels(asked)));
}

struct Refused {
  std::string_view kind;
  bool (*is)(const Asked&);
  std::string_view why;
};
constexpr std::array kRefused = {
    Refused{"Service", sends_traffic, "sends users to the colours: Baton alone moves those"},
    Refused{"HTTPRoute", shares_traffic, kMoved},
    Refused{"HorizontalPodAutoscaler", sizes_a_colour, kMoved},
    Refused{"PodDisruptionBudget", guards_a_colour, kMoved},
    Refused{"Job", is_anywhere, kRuns},
    Refused{"CronJob", is_anywhere, kRuns},
    Refused{"Pod", is_anywhere, kRuns},
    Refused{"ReplicaSet", is_anywhere, kRuns},
    Refused{"StatefulSet", is_anywhere, kRuns},
    Refused{"DaemonSet", is_anywhere, kRuns},
};

std::string why_not_placed(const Context& context, const Json& object) {
  const auto place = object["metadata"]["namespace"].string_or("");
  if (object["metadata"]["name"].string_or("").empty()) return "has no name";
  if (place.empty() || place == context.kube.namespace_name()) return "";
  return fmt::format("is of the namespace '{}', the release of '{}'", place, context.kube.namespace_name());
}

std::string why_not_served(const std::optional<kube::ServedKind>& kind) {
  if (!kind) return "is of a kind that the cluster does not serve";
  return kind->namespaced ? "" : "belongs to the whole cluster: apply it yourself before the release";
}

/// What the API server says to it; a webhook without dry run has said nothing.
std::string why_not_admitted(Context& context, const kube::ServedKind& kind, const Json& object) try {
  const auto merged =
      context.kube.apply(kind.resource(), object, kube::FieldsOfOthers::refused, context.stop, kube::Write::dry_run);
  const auto keeper = reconciler_of(merged);
  if (keeper.name.empty() || !context.config.rollout().refuses_gitops) return "";
  return fmt::format("is kept by {} (by its mark '{}'), which would revert it", keeper.name, keeper.mark);
} catch (const kube::ApiError& error) {
  constexpr std::array kRefusals = {400, 403, 409, 422};
  const bool was_asked = std::string_view(error.what()).find("does not support dry run") == std::string_view::npos;
  if (!was_asked) return "";
  if (std::ranges::find(kRefusals, error.status()) == kRefusals.end()) throw;
  return fmt::format("is refused: {} {}", error.what(), error.hint());
}

std::optional<kube::ServedKind> kind_of(Context& context, const Json& object) {
  return context.kube.find_kind(object["apiVersion"].string_or(""), object["kind"].string_or(""), context.stop);
}

void apply(Context& context, const Lease& lease, const Json& object) {
  const auto kind = kind_of(context, object);
  if (!kind) throw Error(ExitCode::stop, fmt::format("{} {}", object_text(object), why_not_served(kind)));
  lease.confirm();
  context.kube.apply(kind->resource(), object, kube::FieldsOfOthers::refused, context.stop);
  context.say(fmt::format("{} applied", object_text(object)));
}

}  // namespace

std::string why_not_applied(Context& context, const Live& live, const Manifest& manifest, const Json& object) {
  if (auto why = why_not_placed(context, object); !why.empty()) return why;
  if (is_configuration(manifest, object)) return "";
  const Asked asked{.context = context, .live = live, .manifest = manifest, .object = object};
  for (const auto& refused : kRefused) {
    if (object["kind"].string_or("") == refused.kind && refused.is(asked)) return std::string(refused.why);
  }
  const auto kind = kind_of(context, object);
  if (auto why = why_not_served(kind); !why.empty()) return why;
  return why_not_admitted(context, *kind, object);
}

void apply_manifest(Context& context, const Lease& lease, const Move& move) {
  const auto manifest = manifest_of(context.config);
  if (!manifest) return;
  for (const auto& object : manifest->beside) {
    if (is_configuration(*manifest, object)) {
      bring_config_map(context, lease, move, object);
    } else {
      apply(context, lease, object);
    }
  }
}

}  // namespace baton::rollout
