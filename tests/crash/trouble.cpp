// What a cluster does to a release, round after round, and what stands afterwards.
//
//   baton-trouble faults [--rounds N] [--jobs N]   every fifth answer of the API server is not the one that was wanted:
//                                                  409, 429, 500, 503, 504 behind what was carried out, a slow one;
//                                                  EndpointSlices and the data plane come late, and every second or
//                                                  so all connections are cut
//   baton-trouble race [--rounds N] [--jobs N]     two deployers at once, each with a release of its own
//
// After a round of faults the same command is run again without: whatever the first run ended with, the release must
// serve then, alone and whole, unless that run took it back. Of two deployers one wins, and nobody's selector is mixed.
// Exits with 1 when anything else was seen.
#include <fmt/format.h>

#include <atomic>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "common/core/text.h"
#include "common/rollout/pods.h"
#include "tests/sandbox/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;
using sandbox::Moment;
using sandbox::Refusal;

/// Empty, or what must not stand: the Service names one colour, and all of that one's pods are ready behind it.
std::string wrong_end(Runner& runner, const rollout::Labels& wanted) {
  const auto selector = runner.selector();
  if (selector != wanted)
    return fmt::format("the Service selects '{}', not '{}'", rollout::selector_text(selector),
                       rollout::selector_text(wanted));
  const auto pods = rollout::ready_pods(runner.kube.list(kube::kPods, {.labels = rollout::selector_text(selector)}));
  return pods.size() == 2 ? "" : fmt::format("{} pods are ready behind it", pods.size());
}

/// One call in five, Leases included.
class Faults {
 public:
  bool meets(const sandbox::Question& question, Moment moment) {
    const bool is_write = question.method != "GET";
    const std::scoped_lock lock(mutex_);
    const int drawn = std::uniform_int_distribution<int>(0, 99)(random_);
    if (moment == Moment::after) {
      if (drawn < 4) throw Refusal(504, "Timeout", "the request was carried out, and its answer lost");
      return true;
    }
    if (is_write && drawn < 4) throw Refusal(409, "Conflict", "the object has been modified");
    if (drawn < 8) throw Refusal(429, "TooManyRequests", "too many requests, try again");
    if (drawn < 12) throw Refusal(500, "InternalError", "etcdserver: leader changed");
    if (drawn < 14) throw Refusal(503, "ServiceUnavailable", "the server is currently unable to handle the request");
    if (drawn < 16) std::this_thread::sleep_for(200ms);
    return true;
  }

 private:
  std::mutex mutex_;
  std::mt19937 random_{std::random_device{}()};
};

/// Every connection is cut now and then, whatever is on its way on it.
std::jthread cut_connections(test::Relay& relay) {
  return std::jthread([&relay](std::stop_token stop) {
    std::mt19937 random{std::random_device{}()};
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(200, 1500)(random)));
      relay.refuse(true);
      relay.refuse(false);
    }
  });
}

std::string faults_round(std::string& how) {
  Runner runner({.slices_delay = 800ms, .proxy_delay = 300ms});
  auto cutting = cut_connections(runner.behind_relay());
  runner.playground.set_fault("v1.6.0");
  const auto faults = std::make_shared<Faults>();
  runner.playground.sandbox().set_witness(
      [=](const sandbox::Question& question, Moment moment) { return faults->meets(question, moment); });
  const auto troubled = runner.release("v1.6.0");
  cutting = {};
  runner.playground.sandbox().set_witness({});
  how = fmt::format("exit {}", troubled.code);
  if (troubled.code == 0) return wrong_end(runner, kGreen);
  const bool is_refused = troubled.code == 4 || troubled.code == 5;
  const auto again = runner.release("v1.6.0", {"--retry-failed-digest"});
  if (again.code == 4 && is_refused) return wrong_end(runner, kBlue);  // it finished a rollback that was decided
  if (again.code != 0) return fmt::format("run again it ends with {}: {}{}", again.code, again.output, again.error);
  return wrong_end(runner, kGreen);
}

std::string race_round(std::string& how) {
  Runner runner;
  const std::string versions[] = {"v1.6.0", "v1.6.1"};
  Ended ended[2];
  {
    std::vector<std::jthread> deployers;
    for (int at : {0, 1}) {
      runner.playground.set_fault(versions[at]);
      deployers.emplace_back([&, at] {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::random_device{}() % 400));
        ended[at] = runner.release_from("deployer-" + std::to_string(at), versions[at]);
      });
    }
  }
  std::multimap<int, int> by_code;
  for (int at : {0, 1}) by_code.emplace(ended[at].code, at);
  how = fmt::format("exits {} and {}", by_code.begin()->first, by_code.rbegin()->first);
  if (by_code.count(0) != 1)
    return fmt::format("{} of two won: {}{}", by_code.count(0), ended[0].error, ended[1].error);
  const auto won = by_code.find(0)->second;
  const auto serving = runner.image("myapp-green");
  const auto wrong = wrong_end(runner, kGreen);
  if (!wrong.empty()) return wrong;
  const auto recorded =
      parse_json(runner.kube.get(kube::kServices, "myapp")["metadata"]["annotations"]["baton/move"].string(), "move");
  if (recorded["version"].string() != versions[won]) return "the record names the other one";
  return serving.find(recorded["digest"].string()) == std::string::npos ? "another image serves than is recorded" : "";
}

struct Mode {
  std::string_view name;
  std::string (*round)(std::string&);
};
constexpr Mode kModes[] = {{"faults", faults_round}, {"race", race_round}};

int run(const Mode& mode, int rounds, int jobs) {
  std::atomic<int> next = 0;
  int bad = 0;
  std::mutex mutex;
  std::map<std::string, int> ends;
  {
    std::vector<std::jthread> threads;
    for (int job = 0; job < jobs; ++job) {
      threads.emplace_back([&] {
        while (next++ < rounds) {
          std::string how;
          const auto wrong = mode.round(how);
          const std::scoped_lock lock(mutex);
          ++ends[how];
          if (wrong.empty()) continue;
          ++bad;
          std::cout << fmt::format("{}: {}: {}\n", mode.name, how, wrong) << std::flush;
        }
      });
    }
  }
  std::vector<std::string> counted;
  for (const auto& [how, count] : ends) counted.push_back(fmt::format("{} times {}", count, how));
  std::cout << fmt::format("{}: {} rounds, {} wrong ends ({})\n", mode.name, rounds, bad, join(counted, ", "));
  return bad == 0 ? 0 : 1;
}

}  // namespace
}  // namespace baton::cutover

int main(int argc, char** argv) {
  int rounds = 20;
  int jobs = 4;
  for (int at = 2; at + 1 < argc; at += 2)
    (std::string_view(argv[at]) == "--rounds" ? rounds : jobs) = std::atoi(argv[at + 1]);
  for (const auto& mode : baton::cutover::kModes) {
    if (argc > 1 && mode.name == argv[1]) return baton::cutover::run(mode, rounds, jobs);
  }
  std::cerr << "usage: baton-trouble faults|race [--rounds N] [--jobs N]\n";
  return 2;
}
