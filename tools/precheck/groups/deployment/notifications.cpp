// SOP, "Team Readiness": who is told can be told. Nothing is sent: each channel's server is reached as a message would.
#include <fmt/format.h>

#include "common/config/sections/notify.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "common/io/url.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kAtOnce = 8;

/// A webhook's path is its password: no more than the server is named.
std::string server_of(const Url& url) { return fmt::format("{}://{}", url.scheme, url.host_header()); }

std::optional<Url> url_of(const NotifyTarget& target) {
  try {
    return parse_url(target.url);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Why it cannot be reached; empty when it can.
std::string reach(const Look& look, const NotifyTarget& target) {
  const auto url = url_of(target);
  if (!url) return "its address is no http or https URL";
  try {
    look.reach(*url, server_of(*url));
    return "";
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return error.what();
  }
}

Observation observe(const Look& look) {
  auto targets = look.config().notify().to;
  const auto& paged = look.config().notify().incident;
  targets.insert(targets.end(), paged.begin(), paged.end());
  if (targets.empty()) return {.message = "nobody is told", .recovery = {"List the team's channels in notify.to."}};
  std::vector<std::string> complaints(targets.size());
  in_parallel(targets.size(), kAtOnce, [&](std::size_t at) { complaints[at] = reach(look, targets[at]); });
  std::vector<std::string> lost;
  for (std::size_t at = 0; at < targets.size(); ++at) {
    if (!complaints[at].empty()) lost.push_back(fmt::format("{}: {}", targets[at].kind, complaints[at]));
  }
  const auto reached = targets.size() - lost.size();
  Observation seen{.outcome = lost.empty() ? Outcome::pass : Outcome::fail,
                   .observed = fmt::format("{}/{}", reached, targets.size())};
  seen.message = fmt::format("{} of {} reached, nothing was sent", reached,
                             count_text(static_cast<long long>(targets.size()), "channel"));
  if (!lost.empty()) {
    seen.message += "; " + join(lost, "; ");
    seen.recovery = {"Correct the channel in notify, or the network to it; baton-precheck --announce sends a message."};
  }
  return seen;
}

}  // namespace

extern const Check notifications{.id = "notifications",
                                 .sop = "2c",
                                 .title = "Notifications",
                                 .expected = [](const Config&) { return Expected("every channel can be reached"); },
                                 .part = "notification",
                                 .part_needs = "notify.to",
                                 .declared = WhenDeclared::settled,
                                 .observe = observe};

}  // namespace baton::precheck
