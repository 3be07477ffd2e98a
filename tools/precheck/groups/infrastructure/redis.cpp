// SOP 1.2: redis-cli ping, and what the server says of itself.
#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/redis_target.h"

namespace baton::precheck {
namespace {

constexpr double kFullMemory =
    90;  ///< percent of maxmemory, above which a server that evicts nothing soon refuses writes

struct Doubt {
  Outcome outcome = Outcome::warn;
  std::string words;
};

std::optional<Doubt> of_role(const redis::Info& info) {
  if (info.mode == "sentinel") return Doubt{Outcome::fail, "it is a sentinel, which holds no data"};
  if (info.role == "master") return std::nullopt;
  if (info.role.empty()) return Doubt{Outcome::warn, "it does not say whether it is a master"};
  if (info.master_link == "down") return Doubt{Outcome::fail, "it is a replica that has lost its master"};
  return Doubt{Outcome::warn, "it is a replica: the application's writes go elsewhere"};
}

std::optional<Doubt> of_memory(const redis::Info& info) {
  const auto percent = info.memory_percent();
  if (!percent || info.eviction != "noeviction") return std::nullopt;
  if (*percent >= 100) return Doubt{Outcome::fail, "its memory is full and it evicts nothing: writes are refused"};
  if (*percent <= kFullMemory) return std::nullopt;
  return Doubt{Outcome::warn,
               fmt::format("{} % of maxmemory are used, and it evicts nothing", number_text(*percent, 1))};
}

Observation judge(const redis::Info& info) {
  Observation seen{.outcome = Outcome::pass, .observed = "PONG", .message = "PONG"};
  if (!info.version.empty()) seen.message += fmt::format(", Redis {}", printable(info.version, 40));
  if (!info.role.empty()) seen.message += fmt::format(", {}", printable(info.role, 20));
  if (const auto percent = info.memory_percent())
    seen.message += fmt::format(", {} % of maxmemory", number_text(*percent, 1));
  std::vector<Doubt> doubts;
  if (info.is_loading.value_or(false)) doubts.push_back({Outcome::fail, "it is still reading its data set from disk"});
  for (const auto& doubt : {of_role(info), of_memory(info)}) {
    if (doubt) doubts.push_back(*doubt);
  }
  for (const auto& [outcome, words] : doubts) {
    seen.message += "; " + words;
    if (seen.outcome != Outcome::fail) seen.outcome = outcome;
  }
  return seen;
}

/// Of a server that lets nobody in nothing was found out; one that cannot serve has failed.
Observation refused(const redis::Refused& error) {
  switch (error.trouble()) {
    case redis::Trouble::no_password:
    case redis::Trouble::wrong_password:
    case redis::Trouble::not_permitted:
      throw error;
    case redis::Trouble::loading:
    case redis::Trouble::master_down:
    case redis::Trouble::refused:
      break;
  }
  return {.outcome = Outcome::fail, .message = error.what(), .recovery = {error.hint()}};
}

Observation observe(const Look& look) {
  try {
    auto client = connect_redis(look);
    client.ping();
    return judge(client.info());
  } catch (const redis::Refused& error) {
    const bool is_pong = error.trouble() == redis::Trouble::not_permitted &&
                         std::string_view(error.what()).find("answered INFO") != std::string_view::npos;
    if (!is_pong) return refused(error);
    return {.outcome = Outcome::warn,
            .observed = "PONG",
            .message = "PONG; its role and memory are not known: the user may not ask INFO",
            .recovery = {"Allow the user +info (ACL SETUSER)."}};
  }
}

}  // namespace

extern const Check redis_answers{
    .id = "redis",
    .sop = "1.2",
    .title = "Redis",
    .expected = [](const Config&) { return Expected("PONG from a master with memory left"); },
    .needs = kRedisKey,
    .critical = true,
    .declared = WhenDeclared::settled,
    .is_waivable = false,
    .observe = observe};

}  // namespace baton::precheck
