// Questions to single pods.
#include "common/rollout/smoke.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "common/config/sections/switch.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/in_parallel.h"
#include "common/io/wait.h"
#include "common/rollout/live.h"
#include "common/rollout/log_tail.h"
#include "common/rollout/pods.h"
#include "common/rollout/port.h"
#include "common/rollout/probe.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr int kAttempts = 3;
constexpr Duration kPause = 300ms;
constexpr std::size_t kAtOnce = 16;  // pods

bool has_api_server(Context& context) {
  try {
    find_service(context);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// A missing answer is the pod's failure unless the API server says no itself, or says nothing to anything else either.
bool is_pods_own(Context& context, const Error& error) {
  if (const auto* refusal = dynamic_cast<const kube::ApiError*>(&error))
    return refusal->reason() == kube::kPodUnreachable;
  return has_api_server(context);
}

/// Throws where there is no answer of the pod's.
std::string complaint_of(Context& context, const SmokeProbe& probe, const std::string& pod, int port) {
  auto answer = context.kube.pod_proxy(pod, port, probe.path, probe.max_time + 1s, context.stop);
  return complaint_about(probe, {.status = answer.status,
                                 .headers = std::move(answer.headers),
                                 .body = std::move(answer.body),
                                 .took = answer.took});
}

std::string ask_once(Context& context, const SmokeProbe& probe, const std::string& pod, int port) {
  try {
    return complaint_of(context, probe, pod, port);
  } catch (const Error& error) {
    require_running(context.stop);
    return error.what();
  }
}

Heard hear(Context& context, const SmokeProbe& probe, const std::string& pod, int port) {
  try {
    return {.complaint = complaint_of(context, probe, pod, port)};
  } catch (const Error& error) {
    require_running(context.stop);
    return {.is_answered = is_pods_own(context, error), .complaint = error.what()};
  }
}

std::string ask(Context& context, const SmokeProbe& probe, const std::string& pod, int port) {
  for (int attempt = 1;; ++attempt) {
    auto complaint = ask_once(context, probe, pod, port);
    if (complaint.empty() || attempt == kAttempts) return complaint;
    context.clock.sleep_for(kPause, context.stop);
  }
}

Finding run_probe(Context& context, const std::string& id, const SmokeProbe& probe, const Json& service,
                  const std::vector<Json>& pods) {
  const auto begun = context.clock.monotonic();
  Finding finding{.id = id, .sop = "2c.2", .title = "Smoke " + probe.path, .critical = true};
  finding.expected = fmt::format("status {} in {}", probe.status, to_words(probe.max_time));
  std::vector<std::string> complaints(pods.size());
  std::atomic<bool> is_bad = false;
  in_parallel(pods.size(), kAtOnce, [&](std::size_t at) {
    if (is_bad) return;
    complaints[at] = ask(context, probe, name_of(pods[at]), app_port(context.config, service, pods[at]).container);
    if (!complaints[at].empty()) is_bad = true;
  });
  for (std::size_t at = 0; at < pods.size(); ++at) {
    const auto& pod = pods[at];
    const auto& complaint = complaints[at];
    if (complaint.empty()) continue;
    finding.outcome = Outcome::fail;
    finding.observed = complaint;
    finding.message = fmt::format("smoke test '{}' of pod '{}' failed: {}", probe.path, name_of(pod), complaint);
    finding.log = log_tail(context, name_of(pod), pod["spec"]["containers"].items().front()["name"].string(),
                           /*has_crashed=*/true);
    if (!finding.log.empty()) finding.message += "; its log ends: " + finding.log.back();
    finding.recovery = {"Read the pod's log for the failing request.",
                        "Check credentials, the database and the state of its migrations.",
                        "Correct it and run the deployment again; traffic was not switched."};
    return finding;
  }
  finding.outcome = pods.empty() ? Outcome::unknown : Outcome::pass;
  finding.observed = count_text(static_cast<long long>(pods.size()), "pod") + " answered";
  finding.duration_ms = (context.clock.monotonic() - begun).count();
  return finding;
}

}  // namespace

std::vector<Finding> smoke(Context& context, const Json& service, const std::vector<Json>& pods) {
  std::vector<Finding> findings;
  const auto& probes = context.config.rollout().smoke;
  const auto ids = probe_ids(probes);
  for (std::size_t at = 0; at < probes.size(); ++at)
    findings.push_back(run_probe(context, ids[at], probes[at], service, pods));
  if (findings.empty()) {
    findings.push_back({.id = "smoke",
                        .sop = "2c.2",
                        .title = "Smoke tests on the new colour",
                        .outcome = Outcome::skipped,
                        .message = "no switch.smoke is configured: only the readiness of the new pods was seen"});
  }
  return findings;
}

Heard ask_pod(Context& context, const SmokeProbe& probe, const std::string& pod, int port) {
  for (int attempt = 1;; ++attempt) {
    auto heard = hear(context, probe, pod, port);
    if (heard.is_answered || attempt == kAttempts) return heard;
    context.clock.sleep_for(kPause, context.stop);
  }
}

std::string identity_in(const Identify& identify, const Headers& headers, std::string_view body) {
  if (!identify.header.empty()) {
    const auto wanted = to_lower(identify.header);
    const auto found =
        std::ranges::find_if(headers, [&](const auto& header) { return to_lower(header.first) == wanted; });
    return found == headers.end() ? "" : found->second;
  }
  if (identify.json.empty()) return "";
  try {
    const auto json = parse_json(body, "answer");
    const auto* found = resolve_pointer(json, identify.json);
    if (found == nullptr) return "";
    return found->is_string() ? found->string() : to_text(*found);
  } catch (const Error&) {
    return "";
  }
}

bool can_identify(const Config& config) {
  return !config.rollout().identify.header.empty() || !config.rollout().identify.json.empty();
}

std::string identity_path(const Config& config) {
  if (!config.rollout().identify.path.empty()) return config.rollout().identify.path;
  return config.rollout().smoke.empty() ? "/" : config.rollout().smoke.front().path;
}

std::string version_of(Context& context, const Json& service, const std::vector<Json>& pods) {
  if (!can_identify(context.config)) return "";
  std::vector<std::string> told(pods.size());
  in_parallel(pods.size(), kAtOnce, [&](std::size_t at) {
    const auto& pod = pods[at];
    try {
      const auto answer = context.kube.pod_proxy(name_of(pod), app_port(context.config, service, pod).container,
                                                 identity_path(context.config), 3s, context.stop);
      told[at] = identity_in(context.config.rollout().identify, answer.headers, answer.body);
    } catch (const Error&) {
      require_running(context.stop);
    }
  });
  const std::set<std::string> versions(told.begin(), told.end());
  return versions.size() == 1 ? *versions.begin() : "";
}

}  // namespace baton::rollout
