// SOP 1.2: curl https://api.external-service.com/health, 200 OK.
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/in_parallel.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kAtOnce = 8;
constexpr Duration kSlow = std::chrono::seconds(2);
constexpr Duration kDeadline = std::chrono::seconds(30);  ///< of one service, its three attempts included
constexpr std::size_t kMostOfBody = 1U << 20U;
constexpr std::string_view kKey = "precheck.infrastructure.external";

struct Answered {
  Outcome outcome = Outcome::unknown;
  std::string words = {};  ///< empty of a pass
};

std::string where_to(const HttpResponse& response) {
  const auto to = response.header("Location");
  return to.empty() ? "" : fmt::format(", which points to '{}'", printable(redact(to), 200));
}

Answered judge(const HttpResponse& response, Duration took) {
  // Redirects are not followed: a login page answers 200 for whatever is behind it.
  if (response.status != 200) return {Outcome::fail, fmt::format("answers {}{}", response.status, where_to(response))};
  if (took > kSlow) return {Outcome::warn, "took " + to_words(took)};
  return {.outcome = Outcome::pass};
}

Answered ask(const Look& look, const std::string& url) {
  const Duration start = look.monotonic();
  try {
    const auto response = look.http().send(
        {.url = url, .max_body = kMostOfBody, .deadline = kDeadline, .origin = look.origin(std::string(kKey))},
        look.stop());
    return judge(response, look.monotonic() - start);
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return {.words = error.what()};
  }
}

Outcome worst(const std::vector<Answered>& all) {
  for (const auto outcome : {Outcome::fail, Outcome::unknown, Outcome::warn}) {
    if (std::ranges::find(all, outcome, &Answered::outcome) != all.end()) return outcome;
  }
  return Outcome::pass;
}

Observation observe(const Look& look) {
  const auto& urls = look.config().precheck().infrastructure.external;
  if (urls.empty()) {
    throw Error(ExitCode::unknown, fmt::format("{} names no URL", kKey),
                "List the health URLs of the services that the release depends on.");
  }
  std::vector<Answered> all(urls.size());
  in_parallel(urls.size(), kAtOnce, [&](std::size_t at) { all[at] = ask(look, urls[at]); });
  const auto answered = std::ranges::count_if(
      all, [](const Answered& one) { return one.outcome == Outcome::pass || one.outcome == Outcome::warn; });
  Observation seen{.outcome = worst(all), .observed = fmt::format("{}/{}", answered, urls.size())};
  seen.message = fmt::format("{}/{} answer 200", answered, urls.size());
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (!all[at].words.empty())
      seen.message += fmt::format("; '{}' {}", printable(redact(urls[at]), 200), all[at].words);
  }
  return seen;
}

}  // namespace

extern const Check external{.id = "external",
                            .sop = "1.2",
                            .title = "External APIs",
                            .expected = [](const Config&) { return Expected("each answers 200 within 2 seconds"); },
                            .needs = kKey,
                            .critical = true,
                            .declared = WhenDeclared::settled,
                            .is_waivable = false,
                            .observe = observe};

}  // namespace baton::precheck
