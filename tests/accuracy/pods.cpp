// Comings, goings and restarts at random; counters that begin anew.
#include "tests/accuracy/pods.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/judge/grid.h"
#include "tests/accuracy/series.h"

namespace baton::accuracy {
namespace {

constexpr Duration kRestarting = 45s;

/// A moment after `at` of what happens `every` so often on average.
Duration next(Duration at, Duration every, std::mt19937_64& random) {
  return at + Duration(static_cast<Duration::rep>(std::exponential_distribution<double>()(random) *
                                                  static_cast<double>(every.count())));
}

std::string name_of(std::size_t pod) { return fmt::format("pod-{}", pod); }

/// One comes or goes, between half and twice as many as there were.
void scale(std::vector<Pod>& pods, const World& world, Duration at, std::mt19937_64& random) {
  std::vector<std::size_t> alive;
  for (std::size_t pod = 0; pod < pods.size(); ++pod) {
    if (at < pods[pod].to) alive.push_back(pod);
  }
  const auto usual = static_cast<std::size_t>(world.pods);
  bool is_coming = std::bernoulli_distribution()(random);
  if (2 * alive.size() <= usual) is_coming = true;
  if (alive.size() >= 2 * usual) is_coming = false;
  if (is_coming) {
    pods.push_back({.name = name_of(pods.size()), .from = at});
  } else {
    pods[alive[std::uniform_int_distribution<std::size_t>(0, alive.size() - 1)(random)]].to = at;
  }
}

/// One pod's counters; a scrape of a pod that is down is no sample.
class Counter {
 public:
  explicit Counter(const Pod& pod) : pod_(&pod), requests_{.labels = {{"pod", pod.name}}}, errors_(requests_) {}

  void add(const judge::Counts& grown) {
    counts_.requests += grown.requests;
    counts_.errors += grown.errors;
  }
  void scrape(Duration at) {
    if (!pod_->is_up(at)) {
      counts_ = {};
      return;
    }
    requests_.samples.push_back({switched_at() + at, counts_.requests});
    errors_.samples.push_back({switched_at() + at, counts_.errors});
  }
  bool is_up(Duration at) const { return pod_->is_up(at); }
  const prometheus::Series& requests() const { return requests_; }
  const prometheus::Series& errors() const { return errors_; }

 private:
  const Pod* pod_;
  judge::Counts counts_ = {};
  prometheus::Series requests_;
  prometheus::Series errors_;
};

double part_of(double whole, std::size_t sharers, std::mt19937_64& random) {
  return static_cast<double>(
      std::binomial_distribution<long long>(static_cast<long long>(whole), 1 / static_cast<double>(sharers))(random));
}

void share_out(judge::Counts grown, std::vector<Counter>& counters, Duration at, std::mt19937_64& random) {
  std::vector<Counter*> up;
  for (auto& counter : counters) {
    if (counter.is_up(at)) up.push_back(&counter);
  }
  for (std::size_t left = up.size(); left > 0; --left) {
    const judge::Counts part{.errors = part_of(grown.errors, left, random),
                             .requests = part_of(grown.requests - grown.errors, left, random)};
    up[left - 1]->add({.errors = part.errors, .requests = part.requests + part.errors});
    grown.errors -= part.errors;
    grown.requests -= part.requests + part.errors;
  }
}

}  // namespace

bool Pod::is_up(Duration at) const {
  if (at < from || at >= to) return false;
  return std::ranges::none_of(restarts, [&](Duration restart) { return restart <= at && at < restart + kRestarting; });
}

Duration Pod::up_for(Duration at) const {
  Duration since = from;
  for (const auto restart : restarts) {
    if (restart <= at) since = std::max(since, restart + kRestarting);
  }
  return at - since;
}

std::vector<Pod> draw_pods(const World& world, std::mt19937_64& random) {
  std::vector<Pod> pods;
  for (int pod = 0; pod < world.pods; ++pod) pods.push_back({.name = name_of(pods.size())});
  if (world.scaled_every > Duration{0}) {
    for (Duration at = next({}, world.scaled_every, random); at < kAfter; at = next(at, world.scaled_every, random))
      scale(pods, world, at, random);
  }
  if (world.restarted_every == Duration{0}) return pods;
  for (auto& pod : pods) {
    const Duration end = std::min(pod.to, kAfter);
    for (Duration at = next(pod.from, world.restarted_every, random); at < end;
         at = next(at + kRestarting, world.restarted_every, random))
      pod.restarts.push_back(at);
  }
  return pods;
}

std::vector<judge::Counts> seen_of(std::span<const Pod> pods, std::span<const judge::Counts> grown,
                                   std::mt19937_64& random) {
  std::vector<Counter> counters(pods.begin(), pods.end());
  for (auto& counter : counters) counter.scrape({});
  for (std::size_t step = 0; step < grown.size(); ++step) {
    const Duration at = static_cast<int>(step) * kStep;
    share_out(grown[step], counters, at, random);
    for (auto& counter : counters) counter.scrape(at + kStep);
  }
  judge::Answers answers;
  for (const auto& counter : counters) {
    answers.requests.series.push_back(counter.requests());
    answers.errors.series.push_back(counter.errors());
  }
  const auto lasted = static_cast<int>(grown.size()) * kStep;
  const judge::Stretch stretch{.from = switched_at(), .to = switched_at() + lasted, .step = kStep};
  judge::CountersByPod known;
  std::vector<judge::Counts> seen;
  for (const auto& point : judge::points_of(answers, stretch, known))
    seen.push_back(point.counts.value_or(judge::Counts{}));
  seen.erase(seen.begin());
  return seen;
}

}  // namespace baton::accuracy
