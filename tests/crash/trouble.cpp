// What a cluster does to a release, round after round, and what stands afterwards.
//
//   baton-trouble faults [--rounds N] [--jobs N]   every fifth answer of the API server is not the one that was wanted:
//                                                  409, 429, 500, 503, 504 behind what was carried out, a slow one;
//                                                  lists come in pages of one, whose tokens expire now and then (410);
//                                                  EndpointSlices and the data plane come late, and every second or
//                                                  so all connections are cut
//   baton-trouble race [--rounds N] [--jobs N]     two deployers at once, each with a release of its own
//
// After a round of faults the same command is run again without: whatever the first run ended with, the release must
// serve then, alone and whole, unless that run took it back. Of two deployers one wins, and nobody's selector is mixed.
// Exits with 1 when anything else was seen.
#include <fmt/format.h>

#include <atomic>
#include <charconv>
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

/// What was seen of a round beside its end.
struct Seen {
  std::string how;                   ///< it ended
  std::map<std::string, int> given;  ///< answers that were not the ones wanted, and pages behind a first one
};

/// One call in five, Leases included.
class Faults {
 public:
  bool meets(const sandbox::Question& question, Moment moment) {
    const bool is_write = question.method != "GET";
    const std::scoped_lock lock(mutex_);
    const int drawn = std::uniform_int_distribution<int>(0, 99)(random_);
    if (moment == Moment::after) {
      if (drawn < 4) refuse(504, "Timeout", "the request was carried out, and its answer lost");
      return true;
    }
    if (!question.parameter("continue").empty()) {
      ++given_["further page"];
      if (drawn >= 88) refuse(410, "Expired", "The provided continue parameter is too old");
    }
    if (is_write && drawn < 4) refuse(409, "Conflict", "the object has been modified");
    if (drawn < 8) refuse(429, "TooManyRequests", "too many requests, try again");
    if (drawn < 12) refuse(500, "InternalError", "etcdserver: leader changed");
    if (drawn < 14) refuse(503, "ServiceUnavailable", "the server is currently unable to handle the request");
    if (drawn < 16) std::this_thread::sleep_for(200ms);
    return true;
  }

  std::map<std::string, int> given() {
    const std::scoped_lock lock(mutex_);
    return given_;
  }

 private:
  [[noreturn]] void refuse(int code, const char* reason, const char* message) {
    ++given_[std::to_string(code)];
    throw Refusal(code, reason, message);
  }

  std::mutex mutex_;
  std::map<std::string, int> given_;
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

std::string faults_round(Seen& seen) {
  Runner runner({.slices_delay = 800ms, .proxy_delay = 300ms, .page_size = 1});
  auto cutting = cut_connections(runner.behind_relay());
  runner.playground.set_fault("v1.6.0");
  const auto faults = std::make_shared<Faults>();
  runner.playground.sandbox().set_witness(
      [=](const sandbox::Question& question, Moment moment) { return faults->meets(question, moment); });
  const auto troubled = runner.release("v1.6.0");
  cutting = {};
  runner.playground.sandbox().set_witness({});
  seen = {.how = fmt::format("exit {}", troubled.code), .given = faults->given()};
  if (troubled.code == 0) return wrong_end(runner, kGreen);
  const bool is_refused = troubled.code == 4 || troubled.code == 5;
  const auto again = runner.release("v1.6.0", {"--retry-failed-digest"});
  if (again.code == 4 && is_refused) return wrong_end(runner, kBlue);  // it finished a rollback that was decided
  if (again.code != 0) return fmt::format("run again it ends with {}: {}{}", again.code, again.output, again.error);
  return wrong_end(runner, kGreen);
}

std::string race_round(Seen& seen) {
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
  seen.how = fmt::format("exits {} and {}", by_code.begin()->first, by_code.rbegin()->first);
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
  std::string (*round)(Seen&);
};
constexpr Mode kModes[] = {{"faults", faults_round}, {"race", race_round}};

std::string counted(const std::map<std::string, int>& things) {
  std::vector<std::string> words;
  for (const auto& [what, count] : things) words.push_back(fmt::format("{} times {}", count, what));
  return join(words, ", ");
}

int run(const Mode& mode, int rounds, int jobs) {
  std::atomic<int> next = 0;
  int bad = 0;
  std::mutex mutex;
  std::map<std::string, int> ends;
  std::map<std::string, int> given;
  {
    std::vector<std::jthread> threads;
    for (int job = 0; job < jobs; ++job) {
      threads.emplace_back([&] {
        while (next++ < rounds) {
          Seen seen;
          const auto wrong = mode.round(seen);
          const std::scoped_lock lock(mutex);
          ++ends[seen.how];
          for (const auto& [what, count] : seen.given) given[what] += count;
          if (wrong.empty()) continue;
          ++bad;
          std::cout << fmt::format("{}: {}: {}\n", mode.name, seen.how, wrong) << std::flush;
        }
      });
    }
  }
  std::cout << fmt::format("{}: {} rounds, {} wrong ends ({})\n", mode.name, rounds, bad, counted(ends));
  if (!given.empty()) std::cout << fmt::format("{}: {}\n", mode.name, counted(given));
  return bad == 0 ? 0 : 1;
}

/// Nothing where it is no number of rounds or jobs.
std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

/// Nothing where the words are not as the usage says.
std::optional<int> run(const std::vector<std::string_view>& words) {
  std::map<std::string_view, int> numbers{{"--rounds", 20}, {"--jobs", 4}};
  for (std::size_t at = 1; at < words.size(); at += 2) {
    const auto flag = numbers.find(words[at]);
    const auto number = at + 1 < words.size() ? number_in(words[at + 1]) : std::nullopt;
    if (flag == numbers.end() || !number) return std::nullopt;
    flag->second = *number;
  }
  for (const auto& mode : kModes) {
    if (!words.empty() && mode.name == words.front()) return run(mode, numbers["--rounds"], numbers["--jobs"]);
  }
  return std::nullopt;
}

}  // namespace
}  // namespace baton::cutover

int main(int argc, char** argv) {
  if (const auto code = baton::cutover::run({argv + 1, argv + argc})) return *code;
  std::cerr << "usage: baton-trouble faults|race [--rounds N] [--jobs N]\n";
  return 2;
}
