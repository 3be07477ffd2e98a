// SOP 2c: readinessProbe and livenessProbe of the green Deployment.
#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/rollout/next.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// Whether the container says that it listens on the port that the Service sends to.
bool listens_on(const Json& container, const Json& target) {
  const auto& ports = container["ports"].items_or_none();
  return std::ranges::any_of(ports, [&](const Json& port) {
    return !target.is_null() && (port["containerPort"] == target || port["name"] == target);
  });
}

bool is_behind(const Json& container, const Json& service) {
  const auto& ports = service["spec"]["ports"].items_or_none();
  return std::ranges::any_of(ports, [&](const Json& port) {
    return listens_on(container, port["targetPort"].is_null() ? port["port"] : port["targetPort"]);
  });
}

/// Those behind the Service's ports. Where none says so, since ports need not be said, the one of the release.
std::vector<Json> serving_containers(const Look& look, const Json& wanted) {
  std::vector<Json> all;
  const auto& spec = wanted["spec"]["template"]["spec"];
  for (const auto& container : spec["containers"].items_or_none()) {
    if (is_behind(container, look.live().service)) all.push_back(container);
  }
  // A sidecar in front of the app, as a mesh or a proxy has it.
  for (const auto& container : spec["initContainers"].items_or_none()) {
    if (container["restartPolicy"] == Json("Always") && is_behind(container, look.live().service))
      all.push_back(container);
  }
  if (!all.empty()) return all;
  const auto own = rollout::container_of(wanted, look.config(), rollout::repository_of(look.config().image));
  return own.is_null() ? std::vector<Json>{} : std::vector{own};
}

std::vector<std::string> without(const std::vector<Json>& containers, std::string_view probe) {
  std::vector<std::string> names;
  for (const auto& container : containers) {
    if (container[probe].is_null()) names.push_back(printable(container["name"].string_or("?"), 63));
  }
  return names;
}

Observation observe(const Look& look) {
  const auto serving = serving_containers(look, look.known_next_deployment());
  if (serving.empty()) return {.message = "no container of the release is known"};
  const auto unready = without(serving, "readinessProbe");
  const auto unlively = without(serving, "livenessProbe");
  const auto probed = serving.size() - unready.size();
  Observation seen{.outcome = Outcome::pass, .observed = fmt::format("{}/{}", probed, serving.size())};
  seen.message = fmt::format("{} of {} with a readiness probe", probed,
                             count_text(static_cast<long long>(serving.size()), "serving container"));
  if (!unlively.empty()) {
    seen.outcome = Outcome::warn;
    seen.message += "; no livenessProbe: " + join(unlively, ", ");
    seen.recovery = {"Give it a livenessProbe, so that a container that hangs is restarted."};
  }
  if (!unready.empty()) {
    seen.outcome = Outcome::fail;
    seen.message += fmt::format("; no readinessProbe: {}, users would come before it can serve", join(unready, ", "));
    seen.recovery = {"Give it a readinessProbe: without one a pod counts as ready once its process runs."};
  }
  return seen;
}

}  // namespace

extern const Check probes{
    .id = "probes",
    .sop = "2c",
    .title = "Probes of the release",
    .expected = [](const Config&) { return Expected("a readiness and a liveness probe on each serving container"); },
    .needs = "image",
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
