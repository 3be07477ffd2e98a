// Kills baton-switch at each of its writes, once before the write reached the cluster and once before the answer
// reached it, runs it again, and compares what stands with a run that nobody killed.
//
//   baton-acts [--autoscaler] [--stride N] [--jobs N]
//
// Eleven releases: a good one, one that the soak rolls back, one that never gets ready, a canary and a rolling update
// that are good, a canary that its first share stops, a rolling update that its first pod does, and those two over a
// StatefulSet; a good one and one that never gets ready whose manifest changes a ConfigMap and holds a NetworkPolicy; a
// second Service, a disruption budget and a worker go with each. With --autoscaler one goes with the traffic, too, and
// is held for half a minute each time. Exits with 1 when anything differs, or when an act of the engine was never done.
#include "common/rollout/acts.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "common/core/text.h"
#include "common/io/files.h"
#include "common/rollout/pods.h"
#include "common/rollout/rolling.h"
#include "tests/support/background.h"
#include "tests/support/prometheus.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;
using sandbox::Moment;

constexpr Duration kLongest = 180s;

constexpr const char* kPartners = R"({apiVersion: v1, kind: Service, metadata: {name: partners},
  spec: {selector: {app: myapp}, ports: [{port: 81, targetPort: 8080}]}})";

constexpr const char* kSettings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {LEVEL: info}}";
constexpr const char* kBeside = R"(---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {LEVEL: debug}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}}
)";

constexpr const char* kCanary = "--set=switch.strategy=canary";
constexpr const char* kRolling = "--set=switch.strategy=rolling";

struct Release {
  std::string_view name;
  std::string_view fault;
  int code;
  std::vector<std::string> options = {};
  bool has_manifest = false;
  std::string kind = "Deployment";
  bool is_measured = false;  ///< a metrics store sees it, and a canary gets its control
};
const Release kReleases[] = {
    {"good", "", 0, {"--set=switch.drain=paced"}},
    {"rolled back", "crash-loop after=3s", 4, {"--set=switch.soak=20s", "--set=switch.soak_max=20s"}},
    {"stopped", "never-ready", 3, {"--set=switch.ready_timeout=4s"}},
    {"canary", "", 0, {kCanary, "--set=switch.canary={steps: [30%, 50%, 100%], hold: 1s}", "--set=switch.keep=1"}},
    {"canary rolled back",
     "crash-loop after=3s",
     4,
     {kCanary, "--set=switch.canary={steps: [30%, 100%], hold: 20s}"},
     /*has_manifest=*/false,
     "Deployment",
     /*is_measured=*/true},
    {"rolling", "", 0, {kRolling}},
    {"rolling back", "never-ready", 4, {kRolling, "--set=switch.ready_timeout=4s"}},
    {"configured", "", 0, {}, /*has_manifest=*/true},
    {"configured and stopped", "never-ready", 3, {"--set=switch.ready_timeout=4s"}, /*has_manifest=*/true},
    {"stateful", "", 0, {kRolling}, /*has_manifest=*/false, "StatefulSet"},
    {"stateful back",
     "never-ready",
     4,
     {kRolling, "--set=switch.ready_timeout=12s"},
     /*has_manifest=*/false,
     "StatefulSet"},
};

struct Settings {
  bool has_autoscaler = false;
  int stride = 1;
  int jobs = 4;
};

/// What a run writes; that its Lease is still its own, it writes whenever it is time.
bool is_act(const sandbox::Question& question) {
  return question.method != "GET" && question.path.find("selfsubjectaccessreviews") == std::string::npos &&
         question.body.find("/spec/renewTime") == std::string::npos;
}

struct Seen {
  std::atomic<int> writes = 0;
  std::atomic<bool> is_killed = false;
  std::atomic<pid_t> pid = 0;
};

class Killed {
 public:
  Killed(const Release& release, const Settings& settings) : release_(release) {
    runner_.playground.set_fault("v1.6.0", std::string(release.fault));
    runner_.playground.set_fault("v1.4.0");
    runner_.playground.create(kWorker);
    runner_.playground.await_rollout("mailer");
    runner_.playground.create(kPartners);
    runner_.playground.create(kBudget);
    if (settings.has_autoscaler) runner_.playground.create(kAutoscaler);
    runner_.playground.create(kSettings);
    write_file(manifest(), std::string(kTemplate) + kBeside);
    if (release.is_measured)
      store_ = std::make_unique<test::PrometheusServer>(replace_all(runner_.playground.api_url(), "http://", ""),
                                                        "/sandbox/metrics");
  }

  /// Its writes, and what it says.
  int count_writes(std::string& said) {
    const auto writes = std::make_shared<std::atomic<int>>(0);
    runner_.playground.sandbox().set_witness([=](const sandbox::Question& question, Moment moment) {
      if (moment == Moment::before && is_act(question)) ++*writes;
      return true;
    });
    said = run_again();
    return *writes;
  }

  /// False where the run ended before its `at`-th write.
  bool kill_at(int at, Moment moment) {
    const auto seen = std::make_shared<Seen>();  // a request may outlive this call
    std::vector<std::string> argv{"env", "KUBECONFIG=" + runner_.playground.kubeconfig()};
    const auto command = runner_.command("run", options());
    argv.insert(argv.end(), command.begin(), command.end());
    runner_.playground.sandbox().set_witness([=](const sandbox::Question& question, Moment now) {
      if (seen->is_killed) return now == Moment::after;  // nobody is there to ask for more
      if (now == Moment::before && is_act(question)) ++seen->writes;
      if (now != moment || seen->writes != at || !is_act(question)) return true;
      while (seen->pid == 0) std::this_thread::yield();
      seen->is_killed = true;
      ::kill(seen->pid, SIGKILL);
      return moment == Moment::after;
    });
    const test::Background running(argv, runner_.folder.path() / "killed.log");
    seen->pid = running.pid();
    for (Duration waited{0}; waited < kLongest && running.is_running(); waited += 10ms)
      runner_.clock.sleep_for(10ms, {});
    runner_.playground.sandbox().set_witness({});
    return seen->is_killed;
  }

  std::string run_again() {
    const auto ended = runner_.run("run", options());
    code_ = ended.code;
    return ended.error;
  }

  /// What a person would look at, without names that are made anew each time.
  std::string standing() {
    std::string text = fmt::format("code {}, selector {}\n", code_, rollout::selector_text(runner_.selector()));
    auto workloads = runner_.kube.list(kube::kDeployments);
    std::ranges::move(runner_.kube.list(kube::kStatefulSets), std::back_inserter(workloads));
    for (const auto& deployment : workloads) {
      text += fmt::format("{}: {} replicas of {}, paused {}, template {}\n", rollout::name_of(deployment),
                          deployment["spec"]["replicas"].integer_or(-1), image_of(deployment),
                          deployment["spec"]["paused"].boolean_or(false),
                          to_text(deployment["spec"]["template"]["metadata"]["labels"]));
    }
    std::multiset<std::string> labels;
    for (const auto& pod : runner_.kube.list(kube::kPods)) {
      if (rollout::is_terminating(pod)) continue;
      auto own = rollout::labels_from(pod["metadata"]["labels"]);
      for (const auto* made : {rollout::kTemplateHash.data(), "controller-revision-hash"}) own.erase(made);
      labels.insert(rollout::selector_text(own));
    }
    for (const auto& one : labels) text += "pod " + one + "\n";
    const auto budget = runner_.kube.get(kube::kDisruptionBudgets, "b");
    text += "partners " + to_text(runner_.kube.get(kube::kServices, "partners")["spec"]["selector"]) + "\n";
    text += "budget " + to_text(budget["spec"]["selector"]) + "\n";
    if (const auto autoscaler = runner_.kube.find(kube::kAutoscalers, "h")) {
      text +=
          fmt::format("autoscaler {} {} {}\n", to_text((*autoscaler)["spec"]["scaleTargetRef"]["name"]),
                      to_text((*autoscaler)["spec"]["behavior"]), to_text((*autoscaler)["metadata"]["annotations"]));
    }
    for (const auto& one : runner_.kube.list(kube::kConfigMaps)) {
      if (!one["binaryData"].is_null()) continue;  // the handoffs, under this deployment's id and of this minute
      text += fmt::format("config {} {}", rollout::name_of(one), to_text(one["data"]));
      for (const auto& owner : one["metadata"]["ownerReferences"].items_or_none()) text += " " + owner["name"].string();
      text += "\n";
    }
    const auto move = runner_.kube.get(kube::kServices, "myapp")["metadata"]["annotations"]["baton/move"];
    text += "recorded " + (move.is_null() ? "nothing" : parse_json(move.string(), "move")["phase"].string()) + "\n";
    for (const auto& lease : runner_.kube.list(kube::kLeases))
      text += "held by '" + lease["spec"]["holderIdentity"].string_or("") + "'\n";
    return text;
  }

 private:
  /// Its tag, or that it is pinned.
  static std::string image_of(const Json& deployment) {
    const auto& containers = deployment["spec"]["template"]["spec"]["containers"].items();
    const auto& image = containers.front()["image"].string();
    return image.find('@') != std::string::npos ? "the release" : image.substr(image.rfind(':') + 1);
  }

  std::vector<std::string> options() const {
    auto options = release_.options;
    options.insert(options.end(), {"--release=v1.6.0", "--log-level=debug", "--set=kubernetes.workers=[mailer]",
                                   "--set=kubernetes.services=[partners]"});
    if (store_) options.push_back("--set=metrics.prometheus=" + store_->url());
    if (release_.has_manifest) options.push_back("--set=kubernetes.manifest=" + manifest().string());
    return options;
  }

  fs::path manifest() const { return runner_.folder.path() / "k8s.yaml"; }

  const Release& release_;
  Runner runner_{{.kind = release_.kind}};
  std::unique_ptr<test::PrometheusServer> store_ = {};
  int code_ = -1;
};

class Campaign {
 public:
  explicit Campaign(const Settings& settings) : settings_(settings) {}

  int run() {
    for (const auto& release : kReleases) try_release(release);
    for (const auto& acts :
         {rollout::adoption(), rollout::arrival(), rollout::sharing(), rollout::following(), rollout::rolling()}) {
      for (const auto& act : acts) require_done(act.id);
    }
    for (const auto* act : {"roll-worker", "put-worker-back", "free-pod"}) require_done(act);
    std::cout << fmt::format("acts: {}\n", bad_ == 0 ? "every run that was killed was resumed or undone"
                                                     : fmt::format("FAILED: {} differences", bad_));
    return bad_ == 0 ? 0 : 1;
  }

 private:
  void try_release(const Release& release) {
    Killed whole(release, settings_);
    std::string said;
    const int writes = whole.count_writes(said);
    said_ += said;
    const auto expected = whole.standing();
    if (!expected.starts_with(fmt::format("code {},", release.code))) {
      std::cout << "acts: " << release.name << " ended otherwise: " << expected << said << "\n";
      ++bad_;
      return;
    }
    std::vector<std::pair<int, Moment>> kills;
    for (int at = 1; at <= writes; ++at) {
      kills.emplace_back(at, Moment::before);
      kills.emplace_back(at, Moment::after);
    }
    std::atomic<std::size_t> next = 0;
    std::atomic<int> killed = 0;
    {
      std::vector<std::jthread> threads;
      for (int job = 0; job < settings_.jobs; ++job) {
        threads.emplace_back([&] {
          for (auto at = next.fetch_add(static_cast<std::size_t>(settings_.stride)); at < kills.size();
               at = next.fetch_add(static_cast<std::size_t>(settings_.stride)))
            killed += try_kill(release, kills[at].first, kills[at].second, expected) ? 1 : 0;
        });
      }
    }
    std::cout << fmt::format("acts: {}: {} writes, {} kills\n", release.name, writes, killed.load()) << std::flush;
  }

  bool try_kill(const Release& release, int at, Moment moment, const std::string& expected) {
    Killed run(release, settings_);
    const bool is_killed = run.kill_at(at, moment);
    const auto said = run.run_again();
    const auto standing = run.standing();
    if (standing == expected) return is_killed;
    const std::scoped_lock lock(mutex_);
    ++bad_;
    std::cout << fmt::format("acts: {}, killed {} write {}:\n{}instead of\n{}{}\n", release.name,
                             moment == Moment::before ? "before" : "after", at, standing, expected, said)
              << std::flush;
    return is_killed;
  }

  void require_done(std::string_view id) {
    if (said_.find(fmt::format("act: {}", id)) != std::string::npos) return;
    std::cout << fmt::format("acts: '{}' was never done\n", id);
    ++bad_;
  }

  const Settings settings_;
  std::mutex mutex_;
  std::atomic<int> bad_ = 0;
  std::string said_;
};

}  // namespace
}  // namespace baton::cutover

int main(int argc, char** argv) {
  baton::cutover::Settings settings;
  for (int at = 1; at < argc; ++at) {
    const std::string_view word = argv[at];
    const auto number = [&] { return at + 1 < argc ? std::atoi(argv[++at]) : 0; };
    if (word == "--autoscaler") {
      settings.has_autoscaler = true;
    } else if (word == "--stride") {
      settings.stride = std::max(1, number());
    } else if (word == "--jobs") {
      settings.jobs = std::max(1, number());
    } else {
      std::cerr << "usage: baton-acts [--autoscaler] [--stride N] [--jobs N]\n";
      return 2;
    }
  }
  return baton::cutover::Campaign(settings).run();
}
