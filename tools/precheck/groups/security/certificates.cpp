// SOP 1.5, "Check SSL/TLS certificates (not expired)"; decisions 25.
#include <algorithm>
#include <cmath>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "common/io/tls_probe.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/tls_endpoints.h"
#include "tools/precheck/worst.h"

namespace baton::precheck {
namespace {

constexpr int kMoreDays = 5;  // before the limit somebody is told: decisions 25
constexpr std::size_t kAtOnce = 8;

Expected expected(const Config& config) {
  const auto days = config.precheck().security.tls_days;
  return {">=", Measured(days, "days"), "under " + std::to_string(days + kMoreDays) + " warns"};
}

/// What one endpoint shows.
struct Seen {
  Outcome outcome = Outcome::unknown;
  std::string message = {};
  std::optional<Time> until = {};  ///< the earliest end in its chain
};

std::string names_of(const TlsPeer& peer) {
  if (peer.shown.empty()) return "no certificate";
  const auto& own = peer.shown.front();
  return own.names.empty() ? "'" + own.subject + "', which names no host" : "for '" + join(own.names, "', '") + "'";
}

const SeenCertificate& first_to_end(const std::vector<SeenCertificate>& chain) {
  return *std::ranges::min_element(chain, {}, &SeenCertificate::until);
}

Outcome judged(Duration left, int days) {
  if (left < std::chrono::days(days)) return Outcome::fail;
  return left < std::chrono::days(days + kMoreDays) ? Outcome::warn : Outcome::pass;
}

Seen judged(const TlsEndpoint& endpoint, const TlsPeer& peer, Time now, int days) {
  const auto where = endpoint.text();
  if (!peer.refusal.empty()) {
    Seen seen{.outcome = Outcome::fail,
              .message = where + ": refused: " + peer.refusal + "; it shows a certificate " + names_of(peer)};
    if (!peer.shown.empty())
      seen.message +=
          ", valid from " + to_date(peer.shown.front().from) + " until " + to_date(peer.shown.front().until);
    return seen;
  }
  if (peer.chain.empty()) return {.message = where + ": it showed no certificate"};
  const auto& ends = first_to_end(peer.chain);
  const auto left = ends.until - now;
  const bool is_own = &ends == &peer.chain.front();
  return {.outcome = judged(left, days),
          .message = where + ": valid until " + to_date(ends.until) +
                     (is_own ? "" : " (of its chain: '" + ends.subject + "')"),
          .until = ends.until};
}

Seen look_at(const Look& look, const TlsEndpoint& endpoint) {
  try {
    const auto peer = probe_tls({.host = endpoint.host, .port = endpoint.port, .origin = look.origin(endpoint.key)},
                                look.now(), look.stop());
    return judged(endpoint, peer, look.now(), look.config().precheck().security.tls_days);
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return {.message = error.what()};
  }
}

Observation summed(const Look& look, const std::vector<Seen>& all) {
  Observation sum{
      .outcome = std::ranges::max_element(all, {}, [](const Seen& seen) { return weight(seen.outcome); })->outcome};
  std::vector<std::string> messages;
  std::optional<Time> first;
  for (const auto& seen : all) {
    if (seen.until) first = first ? std::min(*first, *seen.until) : seen.until;
    if (seen.outcome == sum.outcome) messages.push_back(seen.message);
  }
  if (first) {
    const auto days = std::chrono::duration<double, std::ratio<86400>>(*first - look.now()).count();
    sum.observed = Measured(std::floor(days * 100) / 100, "days");
  }
  sum.message = sum.outcome == Outcome::pass ? "valid until " + to_date(*first) + " (" +
                                                   count_text(static_cast<long long>(all.size()), "endpoint") + ")"
                                             : join(messages, "; ");
  if (sum.outcome != Outcome::pass)
    sum.recovery = {"Renew the certificate, with its chain and the name that is asked for.",
                    "Run baton-precheck again."};
  return sum;
}

Observation observe(const Look& look) {
  const auto endpoints = tls_endpoints(look.config());
  if (endpoints.empty()) {
    return {
        .outcome = look.is_standalone() ? Outcome::skipped : Outcome::unknown,
        .message = "not configured: precheck.security.tls, nor an https URL in switch.public or precheck.staging.url",
        .recovery = {"Name each endpoint in precheck.security.tls: [\"api.example.com:443\"]."}};
  }
  std::vector<Seen> all(endpoints.size());
  in_parallel(all.size(), kAtOnce, [&](std::size_t at) { all[at] = look_at(look, endpoints[at]); });
  return summed(look, all);
}

}  // namespace

extern const Check certificates{.id = "certificates",
                                .sop = "1.5",
                                .title = "SSL certificates",
                                .expected = expected,
                                .critical = true,
                                .observe = observe};

}  // namespace baton::precheck
