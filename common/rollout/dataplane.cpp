// The data plane's proof.
#include "common/rollout/dataplane.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "common/config/sections/switch.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/heard.h"
#include "common/rollout/live.h"
#include "common/rollout/port.h"
#include "common/rollout/smoke.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPause = 10ms;
constexpr Duration kAnswerLimit = 2s;
constexpr Duration kTryLimit = 1s;
constexpr Duration kLook = 20ms;
constexpr int kMostAskers = 64;
constexpr int kAnswersEach = 8;  // a small fleet is asked by few

/// The URL as given, or another path of its origin where switch.identify names one.
std::string identity_url(const Config& config, const std::string& url) {
  if (config.rollout().identify.path.empty()) return url;
  const auto origin_end = url.find('/', url.find("://") + 3);
  return url.substr(0, origin_end) + config.rollout().identify.path;
}

std::vector<std::string> cluster_urls(const Json& service, const Json& pod, const Config& config) {
  const auto address = service["spec"]["clusterIP"].string_or("");
  if (address.empty() || is_headless(service)) return {};
  const auto host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return {fmt::format("http://{}:{}{}", host, app_port(config, service, pod).service, identity_path(config))};
}

/// A few tries, because a release may fail some requests; an address that nobody answers at is not waited for.
bool answers_as(Context& context, const std::string& url, const std::optional<std::string>& serving) {
  for (int attempt = 0, unanswered = 0; attempt < 5 && unanswered < 2; ++attempt) {
    const auto version = version_at(context, url, kTryLimit, context.stop);
    require_running(context.stop);
    if (!version) ++unanswered;
    if (version && (serving ? *version == *serving : !version->empty())) return true;
  }
  return false;
}

bool all_answer_as(Context& context, const std::vector<std::string>& urls, const std::optional<std::string>& serving) {
  return !urls.empty() &&
         std::ranges::all_of(urls, [&](const std::string& url) { return answers_as(context, url, serving); });
}

/// What all who ask at once have heard. A row is of answers that were asked for after the other version was heard last.
/// Whoever does not say his version neither counts nor breaks it: a release that fails some requests must still be
/// provable.
class Tally {
 public:
  Tally(const ProofRequest& request, Proof& proof) : request_(request), proof_(proof) {}

  /// Times since the patch.
  void count(const std::string& version, Duration asked, Duration answered) {
    const std::scoped_lock lock(mutex_);
    if (row_ >= needed_) return;  // proved: whatever comes then was on its way
    ++proof_.answers;
    if (version.empty()) {
      ++proof_.strangers;
    } else if (version != request_.expected) {
      row_ = 0;
      proof_.last_old = std::max(proof_.last_old.value_or(answered), answered);
    } else if (!proof_.last_old || asked > *proof_.last_old) {
      ++row_;
      if (row_ == needed_) proof_.proved = std::max(proof_.proved.value_or(answered), answered);
    }
  }
  void fail(std::exception_ptr trouble) {
    const std::scoped_lock lock(mutex_);
    if (!trouble_) trouble_ = std::move(trouble);
  }

  int needed() const { return needed_; }
  int row() const {
    const std::scoped_lock lock(mutex_);
    return row_;
  }
  /// Throws what kept somebody from asking.
  bool is_enough() const {
    const std::scoped_lock lock(mutex_);
    if (trouble_) std::rethrow_exception(trouble_);
    return row_ >= needed_;
  }

 private:
  const ProofRequest& request_;
  Proof& proof_;
  const int needed_ = answers_needed(request_.backends);
  mutable std::mutex mutex_;
  int row_ = 0;
  std::exception_ptr trouble_ = {};
};

void ask_on(Context& context, const std::string& url, const ProofRequest& request, Tally& tally,
            const std::stop_token& done) try {
  const auto since = [&] { return context.clock.monotonic() - request.from; };
  while (!done.stop_requested()) {
    const auto asked = since();
    const auto version = version_at(context, url, kAnswerLimit, done);
    if (done.stop_requested()) return;
    tally.count(version.value_or(""), asked, since());
    if (version == request.expected) continue;
    if (version && !version->empty() && request.still_ours) request.still_ours();
    context.clock.sleep_for(kPause, done);
  }
} catch (...) {
  tally.fail(std::current_exception());
}

/// Large fleets need thousands of answers, far ones wait for each: many are asked for at once.
Proof::State prove_at(Context& context, const std::string& url, const ProofRequest& request, Proof& proof) {
  Tally tally(request, proof);
  const auto begun = context.clock.monotonic() - request.from;
  Wait wait(context.patience(), "new connections to be answered by " + request.expected, request.limit);
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < std::clamp(tally.needed() / kAnswersEach, 1, kMostAskers); ++i)
      askers.emplace_back([&](const std::stop_token& done) { ask_on(context, url, request, tally, done); });
    while (!tally.is_enough() && !wait.is_over())
      wait.pause(kLook, fmt::format("{} of {}", tally.row(), tally.needed()));
  }
  if (tally.row() >= tally.needed()) return Proof::State::proved;
  const bool is_late = proof.last_old && *proof.last_old > begun + request.limit / 2;
  return tally.row() == 0 || is_late ? Proof::State::not_proved : Proof::State::too_few;
}

}  // namespace

std::string_view vantage_name(Vantage::Kind kind) {
  switch (kind) {
    case Vantage::Kind::nowhere:
      return "nowhere";
    case Vantage::Kind::cluster_ip:
      return "cluster-ip";
    case Vantage::Kind::public_urls:
      return "public";
  }
  return "nowhere";
}

Vantage find_vantage(Context& context, const Json& service, const std::vector<Json>& pods,
                     const std::optional<std::string>& serving) {
  if (!can_identify(context.config)) return {.why_not = "switch.identify does not say how an answer tells its version"};
  if (serving && serving->empty())
    return {.why_not = "the live pods do not tell their version as switch.identify says"};
  std::vector<std::string> urls;
  for (const auto& url : context.config.rollout().public_urls) urls.push_back(identity_url(context.config, url));
  if (all_answer_as(context, urls, serving)) return {.kind = Vantage::Kind::public_urls, .urls = urls};
  const auto inside = pods.empty() ? std::vector<std::string>{} : cluster_urls(service, pods.front(), context.config);
  if (urls.empty() && all_answer_as(context, inside, serving))
    return {.kind = Vantage::Kind::cluster_ip, .urls = inside};
  const auto* const no_address =
      is_headless(service) ? "the Service is headless, and switch.public is not configured"
                           : "the Service's cluster IP does not answer from here, and switch.public is not configured";
  return {.why_not = urls.empty() ? no_address : "switch.public does not answer as the live version from here"};
}

int answers_needed(int backends) {
  if (backends < 2) return 1;
  return static_cast<int>(std::ceil(std::log(0.01) / std::log(1.0 - 1.0 / backends)));
}

Proof prove_data_plane(Context& context, const Vantage& vantage, const ProofRequest& request) {
  Proof proof;
  if (vantage.kind == Vantage::Kind::nowhere) {
    proof.message = "endpoints moved, data plane not proved from here: " + vantage.why_not;
    return proof;
  }
  if (request.expected.empty() || request.expected == request.other) {
    proof.message = "endpoints moved, data plane not proved: both colours answer with the same version, or with none";
    return proof;
  }
  for (const auto& url : vantage.urls) {
    proof.state = prove_at(context, url, request, proof);
    if (proof.state == Proof::State::proved) continue;
    proof.message = fmt::format(
        "'{}' was not answered by '{}' alone within {}: {} of {} did not say their version, another version {}",
        redact(url), request.expected, to_words(request.limit), proof.strangers, count_text(proof.answers, "answer"),
        proof.last_old ? "answered too" : "was not heard");
    if (proof.state == Proof::State::too_few)
      proof.message =
          fmt::format("data plane not proved: '{}' gave {} within {}, {} in a row by '{}' are needed for {}",
                      redact(url), count_text(proof.answers, "answer"), to_words(request.limit),
                      answers_needed(request.backends), request.expected, count_text(request.backends, "pod"));
    return proof;
  }
  proof.message = fmt::format("{} on new connections, the last {} all by '{}'", count_text(proof.answers, "answer"),
                              answers_needed(request.backends), request.expected);
  return proof;
}

Finding ask_public(Context& context) {
  Finding finding{
      .id = "public-answers", .sop = "2c.3", .title = "The public address answers", .outcome = Outcome::skipped};
  if (context.config.rollout().public_urls.empty()) {
    finding.settled = true;  // what the proof saw without one is a finding of its own
    finding.message = "no switch.public is configured";
    return finding;
  }
  finding.outcome = Outcome::pass;
  for (const auto& url : context.config.rollout().public_urls) {
    try {
      const auto answer = context.http.send(
          {.url = url, .deadline = 5s, .new_connection = true, .redirects = 3, .origin = "switch.public"},
          context.stop);
      if (answer.is_success()) continue;
      finding.outcome = Outcome::warn;
      finding.message = fmt::format("'{}' answered with status {}", redact(url), answer.status);
    } catch (const Error& error) {
      require_running(context.stop);
      finding.outcome = Outcome::warn;
      finding.message = error.what();
    }
  }
  return finding;
}

}  // namespace baton::rollout
