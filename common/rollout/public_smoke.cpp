// Looks in a row.
#include "common/rollout/public_smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/config/sections/switch.h"
#include "common/core/redact.h"
#include "common/io/in_parallel.h"
#include "common/io/wait.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/probe.h"
#include "common/rollout/smoke.h"

namespace baton::rollout {
namespace {

constexpr int kLooks = 3;
constexpr std::size_t kAtOnce = 8;

std::vector<std::string> origins(const Config& config) {
  std::vector<std::string> all;
  for (const auto& url : config.rollout().public_urls) {
    auto origin = url.substr(0, url.find('/', url.find("://") + 3));
    if (std::ranges::find(all, origin) == all.end()) all.push_back(std::move(origin));
  }
  return all;
}

}  // namespace

PublicSmoke::Entry PublicSmoke::ask(std::size_t probe, const std::string& origin) const {
  const auto& wanted = context_.config.rollout().smoke[probe];
  const auto begun = context_.clock.monotonic();
  try {
    const auto answer = context_.http.send({.url = origin + wanted.path,
                                            .deadline = wanted.max_time + std::chrono::seconds(1),
                                            .new_connection = true,
                                            .retry = false},
                                           context_.stop);
    const auto complaint = complaint_about(wanted, {.status = answer.status,
                                                    .headers = answer.headers,
                                                    .body = answer.body,
                                                    .took = context_.clock.monotonic() - begun});
    return {.has_answered = true, .complaint = complaint};
  } catch (const Error& error) {
    return {.complaint = error.what()};
  }
}

bool PublicSmoke::passes_on_old(const Move& move, const std::string& id) {
  const auto old = context_.kube.find(kube::kDeployments, move.previous_deployment, context_.stop);
  if (!old) return true;  // nobody to compare with
  const auto found = smoke(context_, find_service(context_), ready_pods(context_, *old));
  return std::ranges::any_of(found, [&](const Finding& one) { return one.id == id && one.outcome == Outcome::pass; });
}

std::string PublicSmoke::look(const Move& move) {
  const auto& probes = context_.config.rollout().smoke;
  const auto ids = probe_ids(probes);
  const auto from = origins(context_.config);
  std::vector<Entry> entries(probes.size() * from.size());
  in_parallel(entries.size(), kAtOnce,
              [&](std::size_t at) { entries[at] = ask(at / from.size(), from[at % from.size()]); });
  require_running(context_.stop);
  if (std::ranges::none_of(entries, &Entry::has_answered)) return "";
  std::string broken;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const auto& id = ids[at / from.size()];
    const auto& origin = from[at % from.size()];
    const auto key = id + " " + origin;
    if (entries[at].complaint.empty()) {
      known_.insert(key);
      failures_[key] = 0;
    } else if (known_.contains(key) && ++failures_[key] >= kLooks && broken.empty() && passes_on_old(move, id)) {
      broken = fmt::format("'{}{}' failed {} looks in a row: {}", redact(origin), probes[at / from.size()].path,
                           failures_[key], entries[at].complaint);
      if (!move.previous_deployment.empty())
        broken += fmt::format("; the pods of '{}' still pass it", move.previous_deployment);
    }
  }
  return broken;
}

}  // namespace baton::rollout
