// Counting answers of two versions.
#include "common/rollout/share.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/in_parallel.h"
#include "common/io/wait.h"
#include "common/rollout/heard.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kCounted = 400;  // of a quarter of the traffic that is known to five points, one time in fifty
constexpr std::size_t kTried = 50;
constexpr std::size_t kAskers = 16;
constexpr Duration kAnswerLimit = 2s;
constexpr Duration kPause = 100ms;
constexpr Duration kSettled = 3s;  // proxies and gateways gather changes for a second or two

struct Heard {
  int arriving = 0;
  int leaving = 0;
  int strangers = 0;  ///< answers that did not say their version, or none came
};

Heard ask(Context& context, const Vantage& vantage, const ShareRequest& request, std::size_t times) {
  std::atomic<int> arriving = 0;
  std::atomic<int> leaving = 0;
  std::atomic<int> strangers = 0;
  in_parallel(times, kAskers, [&](std::size_t at) {
    if (context.stop.stop_requested()) return;
    const auto version = version_at(context, vantage.urls[at % vantage.urls.size()], kAnswerLimit, context.stop);
    const bool is_known = version && (*version == request.arriving || *version == request.leaving);
    ++(!is_known ? strangers : *version == request.arriving ? arriving : leaving);
  });
  require_running(context.stop);
  return {.arriving = arriving, .leaving = leaving, .strangers = strangers};
}

/// Whether any new connection reaches the next colour within the limit.
bool is_reached(Context& context, const Vantage& vantage, const ShareRequest& request) {
  Wait wait(context.patience(), fmt::format("new connections to reach {}", request.arriving), request.limit);
  for (;;) {
    if (ask(context, vantage, request, kTried).arriving > 0) return true;
    if (request.still_ours) request.still_ours();
    if (wait.is_over()) return false;
    wait.pause(kPause);
  }
}

}  // namespace

Finding measure_share(Context& context, const Vantage& vantage, const ShareRequest& request) {
  Finding finding{.id = "canary-share",
                  .sop = "2c",
                  .title = fmt::format("New connections reach the new version, {} % asked", request.asked),
                  .expected = fmt::format("{} %", request.asked)};
  if (vantage.kind == Vantage::Kind::nowhere || request.arriving.empty() || request.arriving == request.leaving) {
    finding.outcome = Outcome::warn;
    finding.message =
        vantage.kind == Vantage::Kind::nowhere
            ? "endpoints say so, the share that users get is not measured from here: " + vantage.why_not
            : "endpoints say so, the share is not measured: both colours answer with the same version, or with none";
    return finding;
  }
  finding.critical = true;
  if (!is_reached(context, vantage, request)) {
    finding.outcome = Outcome::fail;
    finding.message = fmt::format("no new connection to '{}' was answered by '{}' within {}",
                                  redact(vantage.urls.front()), request.arriving, to_words(request.limit));
    return finding;
  }
  context.clock.sleep_for(kSettled, context.stop);
  const auto heard = ask(context, vantage, request, kCounted);
  const int known = heard.arriving + heard.leaving;
  finding.outcome = heard.arriving > 0 ? Outcome::pass : Outcome::fail;
  finding.observed = Measured(100.0 * heard.arriving / std::max(known, 1), "%");
  finding.message =
      fmt::format("{} of {} on new connections were '{}'{}", heard.arriving, count_text(known, "answer"),
                  request.arriving, heard.strangers == 0 ? "" : fmt::format(", {} did not say", heard.strangers));
  return finding;
}

}  // namespace baton::rollout
