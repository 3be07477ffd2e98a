// A session's look: read what is new, judge every new point, say what holds now.
#include "common/judge/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/judge/active_rule.h"
#include "common/judge/own_query.h"
#include "common/judge/recent_samples.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/verdict.h"
#include "common/judge/yesterday.h"

namespace baton::judge {
namespace {

constexpr int kSustainedSamples = 3;
constexpr Duration kReadAgain = std::chrono::minutes(10);

}  // namespace

Session::Session(Criteria criteria, Scope scope, Time from, const Json& memory)
    : criteria_(std::move(criteria)), scope_(std::move(scope)), from_(from), memory_(memory_from_json(memory)) {
  criteria_.since = from_;
  include_pods(scope_.pods);
}

Time Session::first_unjudged() const {
  return memory_.judged_until ? *memory_.judged_until + config().watch().step : from_;
}

void Session::include_pods(const std::vector<std::string>& pods) {
  std::set<std::string> all(pods.begin(), pods.end());
  all.insert(memory_.pods.begin(), memory_.pods.end());
  memory_.pods.assign(all.begin(), all.end());
  scope_.pods = memory_.pods;
}

bool Session::compare_with(const Baseline& control) {
  const auto* errors = control.find(kErrorRate);
  if (errors == nullptr || errors->requests < kLatencyRequests) return false;
  for (const Metric* metric : metrics()) {
    // Being young excuses what is slow, and nothing that fails.
    const bool is_compared = !metric->is_of_all && metric->id != kErrorRate.id;
    const auto* shown = is_compared ? control.find(*metric) : nullptr;
    if (shown == nullptr) continue;
    auto& known = criteria_.baseline.metrics[std::string(metric->id)];
    const auto peak = known.peak;
    known = *shown;
    // The day that the control's was measured over ends now: the canary is in it.
    if (metric->baseline == BaselineKind::with_day) known.peak = peak;
  }
  return true;
}

Look Session::look(prometheus::Client& store, Time until, std::stop_token stop) {
  until -= config().metrics().lag;
  const auto known = memory_.judged_until;
  const auto why_blind = read_news(store, until, stop);
  if (record_ && !judged_.empty()) record_(std::exchange(judged_, {}));
  if (why_blind) return blind(criteria_, scope_, memory_, *why_blind);
  if (looked_ && known != memory_.judged_until) advanced_ = until;
  looked_ = until;
  return concluded(until);
}

std::optional<std::string> Session::read_news(prometheus::Client& store, Time until, const std::stop_token& stop) {
  try {
    read(store, until, stop);
    if (!memory_.gaps.empty() && until - whole_read_ >= kReadAgain) read_again(store, until, stop);
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return error.what();
  }
}

Look Session::concluded(Time until) const {
  if (!memory_.judged_until) {
    const bool was_asked = until >= from_;
    return was_asked ? blind(criteria_, scope_, memory_, nothing_seen(criteria_))
                     : conclude(criteria_, scope_, memory_);
  }
  auto look = conclude(criteria_, scope_, memory_);
  const Duration patience =
      max_sample_age(criteria_.baseline.scraped_every.value_or(kRarestScrape)) + config().watch().step;
  const bool comes_late = advanced_ && until - *advanced_ <= patience;
  const bool is_open = look.state == State::healthy || look.state == State::warning;
  if (!is_open || comes_late || until - *memory_.judged_until <= patience) return look;
  look.state = State::inconclusive;
  look.reason = fmt::format("no new sample of it since {}: it may be late", to_rfc3339(*memory_.judged_until));
  return look;
}

void Session::read_again(prometheus::Client& store, Time until, const std::stop_token& stop) {
  auto known = std::exchange(memory_, Memory{.pods = memory_.pods});
  auto judged = std::exchange(judged_, {});
  whole_read_ = until;
  try {
    read(store, until, stop);
  } catch (...) {
    memory_ = std::move(known);
    judged_ = std::move(judged);
    throw;
  }
}

Time Session::last_seen() const {
  const Duration step = config().watch().step;
  if (!memory_.judged_until) return from_ - step;
  const bool is_in_gap = !memory_.gaps.empty() && memory_.gaps.back().second == *memory_.judged_until;
  return is_in_gap ? memory_.gaps.back().first - step : *memory_.judged_until;
}

std::size_t Session::come(std::span<const Point> points, Time last) const {
  std::size_t count = points.size();
  while (count > 0 && is_gap(criteria_, points[count - 1])) --count;
  const Time seen = count > 0 ? points[count - 1].time : last_seen();
  return last - seen > kLatestSample ? points.size() : count;
}

/// Where nobody looked before the switch, or found nothing then: what the colour itself shows. A colour that says of no
/// request how it ended cannot be judged by its errors.
void Session::find_source(prometheus::Client& store, Time at, const std::stop_token& stop) {
  if (criteria_.baseline.source || criteria_.reason_against(kErrorRate.id) != nullptr) return;
  const auto found = judge::find_source(store, selector_for(config(), scope_, rate_window(config())), at, stop);
  criteria_.baseline.source = source_beside(criteria_.own(), found);
  if (!found.source && !criteria_.own().contains(kErrorRate.id))
    throw Error(ExitCode::unknown, found.why + ": is it scraped?");
}

void Session::find_scrape_interval(prometheus::Client& store, Time at, const std::stop_token& stop) {
  auto& known = criteria_.baseline.scraped_every;
  const auto terms = terms_for(config(), scope_, criteria_.baseline);
  if (!known) known = rarest_scrape(recent_samples(store, config(), terms, at, stop));
  if (const auto why = why_scraped_too_rarely(config(), known); !why.empty()) throw Error(ExitCode::unknown, why);
}

void Session::read(prometheus::Client& store, Time until, const std::stop_token& stop) {
  const Duration step = config().watch().step;
  if (first_unjudged() > until) return;
  find_source(store, until, stop);
  find_scrape_interval(store, until, stop);
  const Duration max_age = max_sample_age(criteria_.baseline.scraped_every.value_or(kRarestScrape));
  const Time last = first_unjudged() + (until - first_unjudged()) / step * step;
  for (Time from = first_unjudged(); from <= last; from = first_unjudged()) {
    read_piece(store, {.from = from, .to = std::min(last, from + piece() - step), .step = step, .max_age = max_age},
               last, stop);
    if (first_unjudged() == from) return;  // the rest may be late
  }
}

Duration Session::piece() const {
  constexpr long long kSamples = 20'000;  // of one answer
  constexpr long long kManyPods = 200;    // until it is known how many
  const long long pods = memory_.counters.empty() ? kManyPods : std::ssize(memory_.counters);
  return std::clamp(kSamples / pods, 60LL, 960LL) * config().watch().step;
}

void Session::read_piece(prometheus::Client& store, Stretch stretch, Time last, const std::stop_token& stop) {
  const auto terms = terms_for(config(), scope_, criteria_.baseline);
  const auto answers = read_answers(store, terms, stretch, stop);
  auto counters = memory_.counters;
  auto points = points_of(answers, stretch, counters);
  if (const auto judged = come(points, last); judged < points.size()) {
    if (judged == 0) return;
    stretch.to = points[judged - 1].time;
    counters = memory_.counters;
    points = points_of(answers, stretch, counters);
  }
  add_yesterday(points, store, criteria_, scope_, stop);
  if (record_) judged_.insert(judged_.end(), points.begin(), points.end());
  memory_.counters = std::move(counters);
  replay(criteria_, std::move(points), memory_);
}

double Session::coverage(Time until) const {
  const auto expected = (until - config().metrics().lag - from_) / config().watch().step + 1;
  if (expected <= 0) return 0;
  return std::min(100.0, 100.0 * static_cast<double>(memory_.samples) / static_cast<double>(expected));
}

std::vector<std::string> Session::warnings_throughout(Time since) const {
  std::vector<std::string> ids;
  for (const auto& rule : rules()) {
    const auto found = memory_.conditions.find(rule.id);
    const bool is_felt = rule.metric.id == kErrorRate.id || rule.metric.id == kLatencyP95.id;
    if (rule.is_critical() || !is_felt || found == memory_.conditions.end()) continue;
    if (!why_it_only_warns(rule.metric, criteria_.own()).empty()) continue;
    const Condition& condition = found->second;
    const bool from_start =
        condition.since && *condition.since <= since + rate_window(config(), criteria_.baseline.scraped_every);
    const bool is_sustained = condition.samples >= kSustainedSamples;
    if (from_start && is_sustained && condition.last == memory_.judged_until) ids.push_back(rule.id);
  }
  return ids;
}

std::string Session::critical_share() const {
  const Rule& rule = *find_rule("error-rate-critical");
  const auto limit = rule.limit(config());
  if (!limit || !ActiveRule(rule, criteria_).is_judged()) return "";
  const double allowed = limit->threshold(before_switch(criteria_.baseline).percent());
  const Counts& total = memory_.total;
  if (total.errors < kFewestErrors || total.percent() <= allowed) return "";
  return fmt::format("error rate {} of all its requests ({} of {}), allowed {}",
                     measured(rule.metric, total.percent()).text(), total.errors, total.requests,
                     measured(rule.metric, allowed).text());
}

}  // namespace baton::judge
