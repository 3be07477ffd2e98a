// SOP 1.4: no errors in the logs of staging, since its pods run the release.
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "tools/precheck/check.h"
#include "tools/precheck/staging_pods.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kAtOnce = 4;
constexpr std::size_t kKept = 3;
constexpr std::size_t kMostPods = 50;
/// Nodes keep 10 MiB of a container's newest lines.
constexpr std::size_t kMaxBytes = 16U << 20U;

/// What the logs of a pod say, or of all.
struct Lines {
  long long all = 0;
  long long errors = 0;
  int restarts = 0;
  std::vector<std::string> first = {};
  std::vector<std::string> cut = {};  ///< containers whose log was not read to its end
  std::optional<Time> since = {};     ///< of the latest log to begin

  void add(const Lines& other) {
    all += other.all;
    errors += other.errors;
    restarts += other.restarts;
    for (const auto& line : other.first) {
      if (first.size() < kKept) first.push_back(line);
    }
    cut.insert(cut.end(), other.cut.begin(), other.cut.end());
    if (other.since && (!since || *other.since > *since)) since = other.since;
  }
};

bool holds_any(std::string_view line, const std::vector<std::string>& patterns) {
  return std::ranges::any_of(
      patterns, [&](const auto& pattern) { return !pattern.empty() && line.find(pattern) != std::string_view::npos; });
}

Lines read_log(const rollout::Context& staging, const StagingConfig& config, const std::string& pod,
               const std::string& container, kube::ContainerRun run) {
  Lines lines;
  const bool is_whole = staging.kube.visit_log(
      pod, container, {.run = run, .max_bytes = kMaxBytes},
      [&](Time at, std::string_view line) {
        if (++lines.all == 1) lines.since = at;
        if (!holds_any(line, config.log_errors) || holds_any(line, config.log_allow)) return;
        if (++lines.errors <= static_cast<long long>(kKept))
          lines.first.push_back(fmt::format("{}: {}", printable(pod, 100), printable(line, 200)));
      },
      staging.stop);
  if (!is_whole) lines.cut.push_back(pod + "/" + container);
  return lines;
}

/// Of the containers that run the release, also of what they were before a restart.
Lines read_logs(const rollout::Context& staging, const StagingConfig& config, const StagingPod& pod,
                std::string_view digest) {
  Lines lines;
  for (const auto& container : pod.running(digest)) {
    lines.restarts += container.restarts;
    if (container.restarts > 0)
      lines.add(read_log(staging, config, pod.name, container.name, kube::ContainerRun::previous));
    if (container.is_running)
      lines.add(read_log(staging, config, pod.name, container.name, kube::ContainerRun::current));
  }
  return lines;
}

Observation judged(const Lines& lines, std::size_t pods) {
  Observation seen{.observed = Measured(lines.errors, "errors")};
  seen.message = fmt::format("{} in {} of {}", count_text(lines.errors, "error"), count_text(lines.all, "line"),
                             count_text(static_cast<long long>(pods), "pod"));
  if (lines.since) seen.message += ", all since " + to_rfc3339(*lines.since);
  if (lines.errors > 0) {
    seen.outcome = Outcome::fail;
    seen.message += ": " + join(lines.first, "; ");
    seen.recovery = {"Look what went wrong there; what is harmless is named in precheck.staging.log_allow."};
  } else if (lines.all == 0) {
    seen.message = "the pods on staging have written no line";
    seen.recovery = {"Write logs to stdout or stderr, or say in precheck.not_applicable who looked at them."};
  } else if (!lines.cut.empty()) {
    seen.message +=
        fmt::format("; of {} only the first {} MiB were read", printable(lines.cut.front(), 200), kMaxBytes >> 20U);
    seen.recovery = {"Deploy the release to staging anew, and write fewer lines."};
  } else if (lines.restarts > 0) {
    seen.outcome = Outcome::warn;
    seen.message += "; " + count_text(lines.restarts, "restart");
    seen.recovery = {"Look why its containers restarted on staging."};
  } else {
    seen.outcome = Outcome::pass;
  }
  return seen;
}

Observation observe(const Look& look) {
  const auto& config = look.config().precheck().staging;
  if (config.log_errors.empty())
    throw Error(ExitCode::unknown, "precheck.staging.log_errors names no pattern", "Say what an error looks like.");
  const auto& digest = digest_of_release(look);
  auto staging = look.staging();
  auto pods = staging_pods(look, staging);
  std::erase_if(pods, [&](const StagingPod& pod) { return pod.running(digest).empty(); });
  if (pods.empty()) {
    throw Error(ExitCode::unknown, "no pod on staging runs " + short_digest(digest) + ": its logs say nothing of it",
                "Deploy the release to staging.");
  }
  if (pods.size() > kMostPods)
    throw Error(ExitCode::unknown, fmt::format("{} pods on staging are too many to read", pods.size()),
                fmt::format("Let at most {} run there.", kMostPods));
  std::vector<Lines> of_pods(pods.size());
  in_parallel(pods.size(), kAtOnce,
              [&](std::size_t at) { of_pods[at] = read_logs(staging, config, pods[at], digest); });
  Lines all;
  for (const auto& lines : of_pods) all.add(lines);
  return judged(all, pods.size());
}

}  // namespace

extern const Check staging_logs{.id = "staging-logs",
                                .sop = "1.4",
                                .title = "Logs of staging",
                                .expected = [](const Config&) { return Expected("no errors"); },
                                .needs = "precheck.staging.kubernetes.namespace",
                                .critical = true,
                                .observe = observe};

}  // namespace baton::precheck
