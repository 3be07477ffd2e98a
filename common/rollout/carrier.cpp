// ConfigMap and Lease, written one after the other so that a kill between the two leaves what can be taken up.
#include "common/rollout/carrier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "common/core/digest.h"
#include "common/core/gzip.h"
#include "common/core/text.h"
#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/lease_record.h"

namespace baton::rollout {
namespace {

constexpr std::size_t kMost = 900'000;            // of the 1 MiB that a ConfigMap may hold
constexpr std::size_t kLargestFile = 32U << 20U;  // whole: twice a handoff's limit, as its bundle has
constexpr std::string_view kEnding = ".json";
constexpr int kTries = 3;  // of a reader whom writers pass

/// "switch" of "switch.json"; empty of what vouches for a handoff.
std::string_view step_of(std::string_view name) {
  if (!name.ends_with(kEnding)) return {};
  name.remove_suffix(kEnding.size());
  return name.find('.') == std::string_view::npos ? name : std::string_view();
}

Error not_as_written(const std::string& what, const std::string& name) {
  return Error(
      ExitCode::handoff, what,
      fmt::format("Look who wrote to ConfigMap '{}'. Run the step where the deployment's files are, or go back: "
                  "baton-switch rollback.",
                  name));
}

std::optional<std::string> file_in(const Json& config_map, std::string_view name) {
  const auto* packed = config_map["binaryData"].find(name);
  if (packed == nullptr) return std::nullopt;
  return gunzip(from_wrapped_base64(packed->string_or("")), kLargestFile);
}

/// Empty where there is none, or none that can be read.
std::string digest_in(const Json& config_map, std::string_view name) {
  try {
    const auto bytes = file_in(config_map, name);
    return bytes ? sha256_hex(*bytes) : "";
  } catch (const Error&) {
    return "";
  }
}

Json new_config_map(const Context& context, const std::string& name, const std::string& id) {
  return Json::object(
      {{"apiVersion", "v1"},
       {"kind", "ConfigMap"},
       {"metadata",
        Json::object({{"name", name},
                      {"labels", Json::object({{"app.kubernetes.io/managed-by", "baton"}})},
                      {"annotations", Json::object({{"baton/app", context.app}, {"baton/carries", id}})}})}});
}

Json with_files(Json config_map, const Files& files) {
  for (const auto& [name, bytes] : files) config_map["binaryData"][name] = to_base64(gzip(bytes));
  std::size_t size = 0;
  for (const auto& [name, packed] : config_map["binaryData"].members_or_none())
    size += from_wrapped_base64(packed.string_or("")).size();
  if (size <= kMost) return config_map;
  throw Error(ExitCode::unknown,
              fmt::format("the deployment's handoffs take {} kB compressed, a ConfigMap carries {} kB", size / 1000,
                          kMost / 1000),
              "Run the later steps where its files are.");
}

/// A digest that stands there already stays believed: the ConfigMap is written after the Lease.
void note_digests(LedgerEntry& own, const Json& config_map, const Files& files) {
  for (const auto& [name, bytes] : files) {
    const std::string step(step_of(name));
    if (step.empty()) continue;
    std::vector<std::string> digests{sha256_hex(bytes)};
    const auto before = digest_in(config_map, name);
    const auto& known = own.handoffs[step].items_or_none();
    const bool is_ours = std::ranges::any_of(known, [&](const Json& one) { return one.string_or("") == before; });
    if (is_ours && before != digests.front()) digests.push_back(before);
    own.handoffs[step] = json_list(digests);
  }
}

/// After these nobody looks again.
bool is_over(const std::string& state) {
  constexpr std::array<std::string_view, 3> kOver = {"proceed", "caution", "rolled-back"};
  return std::ranges::find(kOver, state) != kOver.end();
}

/// A run that was slower than the one that ended the step.
bool is_late(const LedgerEntry& known, const LedgerEntry& entry) {
  return std::ranges::any_of(entry.steps.members_or_none(), [&](const auto& step) {
    return !is_over(step.second.string_or("")) && is_over(known.steps[step.first].string_or(""));
  });
}

bool begins(Carry how) { return how == Carry::begin || how == Carry::undone; }

/// A run that stood still, and woke up when a person had taken its release back, or a newer one had come to serve.
bool is_overtaken(const std::vector<LedgerEntry>& ledger, std::vector<LedgerEntry>::const_iterator own, Carry how) {
  if (!begins(how)) return false;
  if (how == Carry::begin && !own->steps["rollback"].is_null()) return true;
  return std::any_of(std::next(own), ledger.end(),
                     [](const LedgerEntry& newer) { return newer.proved_at.has_value(); });
}

class Carrier {
 public:
  Carrier(Context& context, const LedgerEntry& entry, const Files& files, Carry how)
      : context_(context), entry_(entry), files_(files), how_(how), name_(carrier_name(context, entry.id)) {}

  void write() {
    auto seen = context_.kube.find(kube::kConfigMaps, name_, context_.stop);
    const auto lease = context_.kube.find(kube::kLeases, lease_name(context_), context_.stop).value_or(Json());
    auto ledger = lease_record(lease).ledger;
    const auto found = std::ranges::find(ledger, entry_.id, &LedgerEntry::id);
    if (found == ledger.end() || is_late(*found, entry_) || is_overtaken(ledger, found, how_)) return;
    for (const auto& [step, state] : entry_.steps.members_or_none()) found->steps[step] = state;
    if (begins(how_) || (how_ == Carry::go_on && seen && found->handoffs.size() > 0))
      return put(lease, ledger, *found, seen);
    note(lease, ledger);
    if (how_ == Carry::finish && seen) remove(name_);
  }

 private:
  void put(const Json& lease, std::vector<LedgerEntry>& ledger, LedgerEntry& own, const std::optional<Json>& seen) {
    const auto config_map = with_files(seen.value_or(new_config_map(context_, name_, entry_.id)), files_);
    note_digests(own, seen.value_or(Json()), files_);
    const auto earlier = begins(how_) ? forget_earlier(ledger) : std::vector<std::string>{};
    note(lease, ledger);
    if (seen) {
      context_.kube.replace(kube::kConfigMaps, config_map, context_.stop);
    } else {
      context_.kube.create(kube::kConfigMaps, config_map, context_.stop);
    }
    for (const auto& id : earlier) remove(carrier_name(context_, id));
  }

  std::vector<std::string> forget_earlier(std::vector<LedgerEntry>& ledger) const {
    std::vector<std::string> ids;
    for (auto& other : ledger) {
      if (other.id == entry_.id || other.handoffs.size() == 0) continue;
      ids.push_back(other.id);
      other.handoffs = Json::object();
    }
    return ids;
  }

  void note(const Json& lease, const std::vector<LedgerEntry>& ledger) {
    const auto text = ledger_text(ledger);
    if (text == lease["metadata"]["annotations"][kLedgerAnnotation].string_or("")) return;
    auto operations = guarded(lease);
    add_annotation(operations, lease, kLedgerAnnotation, text);
    context_.kube.json_patch(kube::kLeases, lease_name(context_), operations, context_.stop);
  }

  void remove(const std::string& name) { context_.kube.remove(kube::kConfigMaps, name, {}, context_.stop); }

  Context& context_;
  const LedgerEntry& entry_;
  const Files& files_;
  Carry how_;
  std::string name_;
};

/// Nothing where a handoff has a digest that the Lease, read before, does not name.
std::optional<Files> believed(const Json& config_map, const LedgerEntry& entry) {
  Files files;
  for (const auto& [step, digests] : entry.handoffs.members_or_none()) {
    const auto name = step + std::string(kEnding);
    auto bytes = file_in(config_map, name);
    const auto digest = bytes ? sha256_hex(*bytes) : "";
    const auto& known = digests.items_or_none();
    if (std::ranges::none_of(known, [&](const Json& one) { return one.string_or("") == digest; })) return std::nullopt;
    files.emplace(name, std::move(*bytes));
    if (auto bundle = file_in(config_map, step + ".sigstore.json"))
      files.emplace(step + ".sigstore.json", std::move(*bundle));
  }
  return files;
}

}  // namespace

std::string carrier_name(const Context& context, std::string_view id) {
  return to_lower(fmt::format("{}-{}", lease_name(context), id));
}

std::optional<LedgerEntry> carried_deployment(const LeaseRecord& record) {
  const auto& all = record.ledger;
  const auto found = std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return one.handoffs.size() > 0; });
  return found == all.rend() ? std::nullopt : std::optional(*found);
}

void carry(Context& context, const LedgerEntry& entry, const Files& files, Carry how) {
  until_not_lost([&] { Carrier(context, entry, files, how).write(); });
}

Files take_carried(Context& context, const std::string& id) {
  const auto name = carrier_name(context, id);
  for (int left = kTries; left > 0; --left) {
    const auto ledger = read_lease(context).ledger;
    const auto entry = std::ranges::find(ledger, id, &LedgerEntry::id);
    const auto config_map = context.kube.find(kube::kConfigMaps, name, context.stop);
    if (!config_map || entry == ledger.end())
      throw not_as_written(fmt::format("ConfigMap '{}' with the handoffs of deployment '{}' is gone", name, id), name);
    try {
      if (auto files = believed(*config_map, *entry)) return *files;
    } catch (const Error& damage) {
      throw not_as_written(fmt::format("ConfigMap '{}': {}", name, damage.what()), name);
    }
  }
  throw not_as_written(
      fmt::format("ConfigMap '{}' holds other handoffs than lease '{}' remembers", name, lease_name(context)), name);
}

}  // namespace baton::rollout
