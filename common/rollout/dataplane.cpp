// The data plane's proof.
#include "common/rollout/dataplane.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/config/sections/switch.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/port.h"
#include "common/rollout/smoke.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPause = 10ms;
constexpr Duration kAnswerLimit = 2s;
constexpr Duration kTryLimit = 1s;

/// The version that a new connection is answered by; empty when the answer does not say, nothing when there is no
/// answer.
std::optional<std::string> version_at(Context& context, const std::string& url, Duration deadline) {
  try {
    const auto answer =
        context.http.send({.url = url, .deadline = deadline, .new_connection = true, .retry = false}, context.stop);
    return identity_in(context.config.rollout().identify, answer.headers, answer.body);
  } catch (const Error&) {
    require_running(context.stop);
    return std::nullopt;
  }
}

/// The URL as given, or another path of its origin where switch.identify names one.
std::string identity_url(const Config& config, const std::string& url) {
  if (config.rollout().identify.path.empty()) return url;
  const auto origin_end = url.find('/', url.find("://") + 3);
  return url.substr(0, origin_end) + config.rollout().identify.path;
}

std::vector<std::string> cluster_urls(const Json& service, const Json& pod, const Config& config) {
  const auto address = service["spec"]["clusterIP"].string_or("");
  if (address.empty()) return {};
  const auto host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return {fmt::format("http://{}:{}{}", host, app_port(config, service, pod).service, identity_path(config))};
}

/// A few tries, because a release may fail some requests; an address that nobody answers at is not waited for.
bool answers_as(Context& context, const std::string& url, const std::optional<std::string>& serving) {
  for (int attempt = 0, unanswered = 0; attempt < 5 && unanswered < 2; ++attempt) {
    const auto version = version_at(context, url, kTryLimit);
    if (!version) ++unanswered;
    if (version && (serving ? *version == *serving : !version->empty())) return true;
  }
  return false;
}

bool all_answer_as(Context& context, const std::vector<std::string>& urls, const std::optional<std::string>& serving) {
  return !urls.empty() &&
         std::ranges::all_of(urls, [&](const std::string& url) { return answers_as(context, url, serving); });
}

/// Until enough answers in a row came from the expected version, or the time is over. Whoever does not say his version
/// neither counts nor breaks the row: a release that fails some requests must still be provable.
bool prove_at(Context& context, const std::string& url, const ProofRequest& request, Proof& proof) {
  Wait wait(context.patience(), "new connections to be answered by " + request.expected, request.limit);
  const int needed = answers_needed(request.backends);
  for (int in_a_row = 0; in_a_row < needed;) {
    if (wait.is_over()) return false;
    const auto version = version_at(context, url, kAnswerLimit).value_or("");
    const auto now = context.clock.monotonic() - request.from;
    ++proof.answers;
    if (version == request.expected) {
      ++in_a_row;
      proof.proved = std::max(proof.proved.value_or(now), now);
      continue;
    }
    if (version.empty()) {
      ++proof.strangers;
    } else {
      in_a_row = 0;
      proof.last_old = now;
      if (request.still_ours) request.still_ours();
    }
    wait.pause(kPause);
  }
  return true;
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
  return {.why_not = urls.empty()
                         ? "the Service's cluster IP does not answer from here, and switch.public is not configured"
                         : "switch.public does not answer as the live version from here"};
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
  proof.state = Proof::State::proved;
  for (const auto& url : vantage.urls) {
    if (prove_at(context, url, request, proof)) continue;
    proof.state = Proof::State::not_proved;
    proof.message = fmt::format(
        "'{}' was not answered by '{}' alone within {}: {} of {} did not say their version, another version {}",
        redact(url), request.expected, to_words(request.limit), proof.strangers, count_text(proof.answers, "answer"),
        proof.last_old ? "answered too" : "was not heard");
    return proof;
  }
  proof.message = fmt::format("{} on new connections, the last ones all by '{}'", count_text(proof.answers, "answer"),
                              request.expected);
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
