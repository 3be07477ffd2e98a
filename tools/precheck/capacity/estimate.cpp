// Need, free and buffer.
#include "tools/precheck/capacity/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

struct Shown {
  std::string_view resource;
  std::string_view name;
  bool is_judged = true;
};
constexpr std::array kShown = {Shown{kCpu, "cpu"}, Shown{kMemory, "memory"}, Shown{kStorage, "ephemeral storage"},
                               Shown{kPodCount, "pods", /*is_judged=*/false}};
constexpr std::size_t kMostNamed = 10;

std::string nodes_text(const Placement& placement) {
  std::vector<std::string> nodes;
  for (const auto& [name, pods] : placement.on) {
    if (nodes.size() < kMostNamed) nodes.push_back(fmt::format("{} {}", printable(name, 80), pods));
  }
  const auto more = placement.on.size() - nodes.size();
  return join(nodes, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

/// "2 nodes: too little cpu; 1 node: taint dedicated=gpu:NoSchedule"
std::string refusals_text(const Placement& placement) {
  std::vector<std::string> words;
  for (const auto& [reason, nodes] : placement.refusals)
    words.push_back(fmt::format("{}: {}", count_text(nodes, "node"), reason));
  return join(words, "; ");
}

const Shown& scarcest(const Room& room) {
  const auto* least = kShown.data();
  for (const auto& one : kShown) {
    if (one.is_judged && room.buffer(one.resource) < room.buffer(least->resource)) least = &one;
  }
  return *least;
}

std::vector<std::string> not_asked_for(const NewPod& pod) {
  std::vector<std::string> names;
  for (const auto resource : {kCpu, kMemory}) {
    if (amount(pod.needs, resource) == 0) names.emplace_back(resource);
  }
  return names;
}

std::string fitting_text(const Survey& survey, const Placement& placement) {
  if (survey.pods == 0) return "its pods are replaced one by one, none stands beside them";
  return fmt::format("{} fit ({})", count_text(survey.pods, "pod"), nodes_text(placement));
}

Observation without_room(const Survey& survey, const Placement& placement) {
  return {.outcome = Outcome::fail,
          .observed = fmt::format("{}/{} pods fit", placement.placed(), survey.pods),
          .message = fmt::format("{} of {} find no node: {}", survey.pods - placement.placed(),
                                 count_text(survey.pods, "pod"), refusals_text(placement)),
          .recovery = {"Add nodes, free some, or let the release ask for less.", "Run baton-precheck again."}};
}

}  // namespace

std::string estimate_text(const World& world, const Room& room, int pods) {
  std::vector<std::string> words;
  for (const auto& [resource, name, is_judged] : kShown) {
    const auto all = amount(room.allocatable, resource);
    words.push_back(fmt::format("{}: {} needed, {} of {} free, {} % left", name,
                                amount_text(resource, amount(room.needed, resource)),
                                amount_text(resource, all - amount(room.used, resource)), amount_text(resource, all),
                                number_text(room.buffer(resource), 1)));
  }
  const auto& spec = world.pod().spec;
  words.push_back(fmt::format("volumes: {} shared, {} new", claims_of(spec).size(),
                              own_volumes_of(spec) * static_cast<std::size_t>(pods)));
  return join(words, "; ");
}

Observation judge_capacity(const Survey& survey, double buffer) {
  if (survey.world.nodes().empty()) return {.message = "the cluster has no nodes"};
  const auto placement = place(survey.world, survey.pods);
  const auto room = room_after(survey.world, placement);
  const auto estimate = estimate_text(survey.world, room, survey.pods);
  Observation seen;
  if (!placement.fits()) {
    seen = without_room(survey, placement);
  } else if (room.nodes == 0) {
    return {.outcome = Outcome::fail, .message = "no node takes the release's pods"};
  } else {
    const auto& least = scarcest(room);
    const auto left = room.buffer(least.resource);
    seen.outcome = left < buffer ? Outcome::warn : Outcome::pass;
    seen.observed = Measured(left, "%");
    seen.message =
        fmt::format("{}, {} % of {} left", fitting_text(survey, placement), number_text(left, 1), least.name);
    if (seen.outcome == Outcome::warn)
      seen.recovery = {"Watch resource usage closely during the release, or add nodes first."};
  }
  if (const auto silent = not_asked_for(survey.world.pod()); seen.outcome == Outcome::pass && !silent.empty()) {
    seen.outcome = Outcome::warn;
    seen.message += fmt::format("; its pods ask for no {}: that they fit says little", join(silent, " and no "));
    seen.recovery = {"Give its containers requests of cpu and memory."};
  }
  if (!survey.world.unread().empty() && seen.outcome != Outcome::fail) {
    seen.outcome = Outcome::unknown;
    seen.message += fmt::format("; not looked at: {}", survey.world.unread());
  }
  if (!survey.refusals.empty()) {
    seen.outcome = Outcome::fail;
    seen.message = join(survey.refusals, "; ") + "; " + seen.message;
    seen.recovery = {"Let the namespace take the release's pods, or let them ask for less.",
                     "Run baton-precheck again."};
  }
  seen.message += "; " + estimate;
  if (const auto waiting = survey.world.waiting(); waiting > 0)
    seen.message += fmt::format("; {} without a node already", count_text(waiting, "pod waits", "pods wait"));
  return seen;
}

}  // namespace baton::precheck
