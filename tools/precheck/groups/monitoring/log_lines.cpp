// SOP, "Monitoring & Alerting": logs flow. Loki is asked for the newest line of what serves; without one, the cluster.
#include <fmt/format.h>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "tools/precheck/check.h"
#include "tools/precheck/endpoint_answer.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

constexpr Duration kYoung = 5min;
constexpr Duration kLookedBack = 1h;
constexpr Duration kClocksDiffer = 1min;
constexpr std::size_t kMostPods = 50;

std::vector<std::string> live_pods(const Look& look) {
  std::vector<std::string> names;
  for (const auto& pod : look.live().pods) {
    if (names.size() < kMostPods) names.push_back(rollout::name_of(pod));
  }
  return names;
}

std::string nanoseconds(Time time) { return fmt::format("{}000000", time.time_since_epoch().count()); }

/// {namespace="production",pod=~"shop-1|shop-2"}, as Promtail, Alloy and the Kubernetes receivers name them.
std::string selector_of(const Look& look, const std::vector<std::string>& pods) {
  return fmt::format(R"({{namespace="{}",pod=~`{}`}})", look.namespace_name(),
                     replace_all(join(pods, "|"), ".", R"(\.)"));
}

std::optional<Time> newest_in(const Json& answer) {
  std::optional<Time> newest;
  for (const auto& stream : answer["data"]["result"].items()) {
    for (const auto& value : stream["values"].items()) {
      const auto& entry = value.items();
      const auto time = entry.empty() ? std::nullopt : time_in(entry.front());
      if (!time) throw Error(ExitCode::unknown, "Loki's answer holds a line without a time");
      if (!newest || *time > *newest) newest = time;
    }
  }
  return newest;
}

std::optional<Time> newest_in_loki(const Look& look, const std::vector<std::string>& pods) {
  const auto path = fmt::format("/loki/api/v1/query_range?query={}&start={}&end={}&limit=1&direction=backward",
                                percent_encode(selector_of(look, pods)), nanoseconds(look.now() - kLookedBack),
                                nanoseconds(look.now()));
  const auto answer = json_from(look, look.config().precheck().monitoring.loki, "precheck.monitoring.logs.loki", path);
  if (answer["status"] != Json("success") || !answer["data"]["result"].is_array())
    throw Error(ExitCode::unknown, "what answers at precheck.monitoring.logs.loki is no Loki",
                "Correct it: it is Loki's URL without /loki/api/v1.");
  return newest_in(answer);
}

std::optional<Time> newest_in_cluster(const Look& look, const std::vector<std::string>& pods) {
  const auto context = look.context();
  const auto& live = look.live();
  const auto repository = rollout::repository_of(rollout::image_of(live.deployment, look.config()));
  const auto container = rollout::container_of(live.deployment, look.config(), repository)["name"].string_or("");
  std::optional<Time> newest;
  for (const auto& pod : pods) {
    context.kube.visit_log(
        pod, container, {.last_lines = 1},
        [&](Time at, std::string_view /*line*/) {
          if (!newest || at > *newest) newest = at;
        },
        context.stop);
  }
  return newest;
}

Observation judged(const std::optional<Time>& newest, Time now, const std::string& where) {
  if (!newest)
    return {.message = where + " has no line of the pods that serve",
            .recovery = {"Look that their lines arrive there, with the labels namespace and pod."}};
  const Duration age = now - *newest;
  if (age < -kClocksDiffer)
    return {.message = where + " has a line that is still to be written: " + to_rfc3339(*newest),
            .recovery = {"Set the clocks."}};
  Observation seen{.outcome = age < kYoung ? Outcome::pass : Outcome::warn,
                   .observed = Measured(to_words(std::max(age, Duration{0})))};
  seen.message = fmt::format("{} has a line {} old", where, seen.observed.text());
  if (seen.outcome == Outcome::warn) seen.recovery = {"Look that the application writes logs, and that they arrive."};
  return seen;
}

Observation newest_line(const Look& look) {
  const auto pods = live_pods(look);
  if (!look.config().precheck().monitoring.loki.url.empty())
    return judged(newest_in_loki(look, pods), look.now(), "Loki");
  auto seen = judged(newest_in_cluster(look, pods), look.now(), "the cluster");
  seen.message += "; whether lines reach a central system was not looked at: precheck.monitoring.logs.loki";
  return seen;
}

Observation observe(const Look& look) {
  try {
    return newest_line(look);
  } catch (const Error& error) {
    // Without a cluster nobody can look at this line; that is no reason to end the run.
    if (error.code() != ExitCode::usage || look.is_standalone()) throw;
    throw Error(ExitCode::unknown, error.what(), error.hint());
  }
}

}  // namespace

extern const Check log_lines{.id = "log-lines",
                             .sop = "Pre",
                             .title = "Logs",
                             .expected = [](const Config&) { return Expected("newest line < 5 minutes old"); },
                             .observe = observe};

}  // namespace baton::precheck
