// A move as JSON: what the Service's annotation, the Lease and switch's handoff carry.
#include "common/rollout/move.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/rollout/strategy.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

constexpr std::array<std::pair<Phase, std::string_view>, 5> kPhases{{{Phase::adopting, "adopting"},
                                                                     {Phase::switching, "switching"},
                                                                     {Phase::kept, "kept"},
                                                                     {Phase::undoing, "undoing"},
                                                                     {Phase::undone, "undone"}}};

struct TextMember {
  std::string_view key;
  std::string Move::*field;
};
constexpr TextMember kTexts[] = {
    {"id", &Move::id},
    {"version", &Move::version},
    {"digest", &Move::digest},
    {"strategy", &Move::strategy},
    {"route", &Move::route},
    {"service", &Move::service},
    {"label", &Move::label},
    {"colour", &Move::colour},
    {"deployment", &Move::deployment},
    {"previous_colour", &Move::previous_colour},
    {"previous_deployment", &Move::previous_deployment},
    {"previous_id", &Move::previous_id},
    {"previous_image", &Move::previous_image},
    {"undo_reason", &Move::undo_reason},
    {"undo_by", &Move::undo_by},
};

struct SelectorMember {
  std::string_view key;
  Labels Move::*field;
};
constexpr SelectorMember kSelectors[] = {
    {"selector_original", &Move::selector_original},
    {"selector_before", &Move::selector_before},
    {"selector_after", &Move::selector_after},
};

struct ListMember {
  std::string_view key;
  std::vector<std::string> Move::*field;
};
constexpr ListMember kLists[] = {
    {"services", &Move::services},
    {"config_maps", &Move::config_maps},
    {"applied", &Move::applied},
};

struct TimeMember {
  std::string_view key;
  std::optional<Time> Move::*field;
};
constexpr TimeMember kTimes[] = {
    {"shared_at", &Move::shared_at},
    {"patched_at", &Move::patched_at},
    {"proved_at", &Move::proved_at},
    {"undone_at", &Move::undone_at},
};

Phase phase_from(const std::string& name) {
  for (const auto& [phase, word] : kPhases) {
    if (word == name) return phase;
  }
  throw Error(ExitCode::unknown,
              fmt::format("recorded move has the phase '{}', which this version does not know", name),
              "Use the version of Baton that recorded it, or a newer one.");
}

const Json& member(const Json& json, std::string_view key) {
  const auto* found = json.find(key);
  if (found == nullptr) throw Error(ExitCode::unknown, fmt::format("recorded move has no member '{}'", key));
  return *found;
}

Json to_json(const Worker& worker) {
  auto images = Json::object();
  for (const auto& [container, image] : worker.images) images[container] = image;
  auto json = Json::object({{"name", worker.name}, {"images", images}});
  if (!worker.kind.empty()) json["kind"] = worker.kind;
  return json;
}

Worker worker_from(const Json& json) {
  Worker worker{.kind = json["kind"].string_or(""), .name = member(json, "name").string()};
  workloads_of(worker.kind);  // one that nobody here knows is refused
  for (const auto& [container, image] : member(json, "images").members_or_none())
    worker.images[container] = image.string();
  return worker;
}

void add_canary(Json& json, const Move& move) {
  if (move.share < kAll) json["share"] = move.share;
  if (move.control > 0) json["control"] = move.control;
}

int count_from(const Json& json, std::string_view key) {
  constexpr std::int64_t kMost = 100'000;
  const auto count = json.integer();
  if (count >= 0 && count <= kMost) return static_cast<int>(count);
  throw Error(ExitCode::unknown, fmt::format("recorded move has '{}' as its '{}'", count, key));
}

}  // namespace

std::string_view phase_name(Phase phase) {
  return std::ranges::find(kPhases, phase, &std::pair<Phase, std::string_view>::first)->second;
}

bool is_unfinished(Phase phase) { return phase != Phase::kept && phase != Phase::undone; }

bool is_turned_back(Phase phase) { return phase == Phase::undoing || phase == Phase::undone; }

Labels both_colours(const Move& move) { return without(move.selector_after, move.label); }

bool is_shared(const Labels& selector, const Move& move) {
  return move.strategy == kCanary && selector == (move.route.empty() ? both_colours(move) : move.selector_before);
}

Labels selector_of_share(const Move& move) {
  if (move.share == kAll) return move.selector_after;
  return move.route.empty() ? both_colours(move) : move.selector_before;
}

Json to_json(const Move& move) {
  auto json = Json::object({{"phase", phase_name(move.phase)}, {"revision", move.revision}});
  for (const auto& [key, field] : kTexts) {
    if (!(move.*field).empty()) json[key] = move.*field;
  }
  for (const auto& [key, field] : kSelectors) json[key] = to_json(move.*field);
  json["replicas"] = move.replicas;
  json["adopted"] = move.adopted;
  if (move.labels) json["labels"] = true;
  add_canary(json, move);
  for (const auto& [key, field] : kLists) {
    if (!(move.*field).empty()) json[key] = json_list(move.*field);
  }
  if (move.rolled) json["rolled"] = to_json(*move.rolled);
  if (!move.workers.empty())
    json["workers"] = json_list(move.workers, [](const Worker& worker) { return to_json(worker); });
  for (const auto& [key, field] : kTimes) {
    if (move.*field) json[key] = to_rfc3339(*(move.*field));
  }
  if (!move.baseline.is_null()) json["baseline"] = move.baseline;
  return json;
}

Move move_from_json(const Json& json) {
  Move move;
  move.phase = phase_from(member(json, "phase").string());
  for (const auto& [key, field] : kTexts) move.*field = json[key].string_or("");
  for (const auto key : {"id", "service", "colour", "deployment"}) member(json, key);
  if (const auto* rolled = json.find("rolled")) move.rolled = worker_from(*rolled);
  if (!move.rolled) member(json, "previous_deployment");
  for (const auto& [key, field] : kSelectors) {
    if (!member(json, key).is_object())
      throw Error(ExitCode::unknown, fmt::format("recorded move's '{}' is no object", key));
    move.*field = labels_from(json[key]);
  }
  move.replicas = count_from(member(json, "replicas"), "replicas");
  // An earlier version counted none.
  if (const auto* revision = json.find("revision")) move.revision = count_from(*revision, "revision");
  if (const auto* share = json.find("share")) move.share = std::min(count_from(*share, "share"), kAll);
  if (const auto* control = json.find("control")) move.control = count_from(*control, "control");
  move.adopted = member(json, "adopted").boolean();
  move.labels = json["labels"].boolean_or(false);
  for (const auto& [key, field] : kLists) {
    for (const auto& name : json[key].items_or_none()) (move.*field).push_back(name.string());
  }
  for (const auto& worker : json["workers"].items_or_none()) move.workers.push_back(worker_from(worker));
  for (const auto& [key, field] : kTimes) move.*field = parse_rfc3339(json[key].string_or(""));
  move.baseline = json["baseline"];
  return move;
}

}  // namespace baton::rollout
