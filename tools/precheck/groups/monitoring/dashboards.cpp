// SOP, "Monitoring & Alerting": the dashboards can be opened.
#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "common/io/url.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kAtOnce = 4;
constexpr int kMaxHops = 5;
constexpr Duration kDeadline = std::chrono::seconds(15);
const std::string kKey = "precheck.monitoring.dashboards";

struct Reached {
  Outcome outcome = Outcome::unknown;
  std::string said = {};  ///< empty of one that can be opened
};

Reached reached_with(int status, const std::string& name) {
  if (status == 401 || status == 403)
    return {Outcome::warn, fmt::format("{} is there and asks for a login ({})", name, status)};
  if (status >= 200 && status < 300) return {.outcome = Outcome::pass};
  return {Outcome::fail, fmt::format("{} answers {}", name, status)};
}

bool is_redirect(const HttpResponse& answer) {
  return answer.status >= 300 && answer.status < 400 && !answer.header("Location").empty();
}

/// Redirects are followed on the same host only: a login elsewhere says nothing of the dashboard behind it.
Reached follow(const Look& look, const std::string& url) {
  const auto name = "'" + redact(url) + "'";
  auto at = parse_url(url);
  auto next = url;
  for (int hop = 0; hop <= kMaxHops; ++hop) {
    const auto answer =
        look.http().send({.url = next, .deadline = kDeadline, .origin = look.origin(kKey)}, look.stop());
    if (!is_redirect(answer)) return reached_with(answer.status, name);
    next = resolve_location(at, answer.header("Location"));
    const auto target = parse_url(next);
    if (target.host != at.host)
      return {Outcome::warn, fmt::format("{} is there and sends to '{}' to log in", name, printable(target.host, 100))};
    at = target;
  }
  return {Outcome::fail, fmt::format("{} redirects more than {} times", name, kMaxHops)};
}

Reached reach(const Look& look, const std::string& url) {
  try {
    return follow(look, url);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    return {.said = error.what()};
  }
}

/// The worst one decides.
Outcome worst(const std::vector<Reached>& all) {
  for (const auto outcome : {Outcome::fail, Outcome::unknown, Outcome::warn}) {
    if (std::ranges::find(all, outcome, &Reached::outcome) != all.end()) return outcome;
  }
  return all.empty() ? Outcome::unknown : Outcome::pass;
}

Observation observe(const Look& look) {
  const auto& urls = look.config().precheck().monitoring.dashboards;
  std::vector<Reached> all(urls.size());
  in_parallel(urls.size(), kAtOnce, [&](std::size_t at) { all[at] = reach(look, urls[at]); });
  const auto open = std::ranges::count(all, Outcome::pass, &Reached::outcome);
  std::vector<std::string> said = {fmt::format("{}/{} open", open, all.size())};
  for (const auto& one : all) said.push_back(one.said);
  std::erase(said, "");
  Observation seen{.outcome = worst(all), .observed = Measured(open, "dashboards"), .message = join(said, "; ")};
  if (seen.outcome != Outcome::pass)
    seen.recovery = {"Open each in a browser, from where whoever is on call will; correct " + kKey + "."};
  return seen;
}

}  // namespace

extern const Check dashboards{.id = "dashboards",
                              .sop = "Pre",
                              .title = "Dashboards",
                              .expected = [](const Config&) { return Expected("each can be opened"); },
                              .needs = "precheck.monitoring.dashboards",
                              .observe = observe};

}  // namespace baton::precheck
