// Values are never printed: rule, place, length and the hash that allows it.
#include "tools/precheck/secrets_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/config/sections/precheck.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/time.h"

namespace baton::precheck {
namespace {

using secrets::Secret;
using secrets::Severity;

constexpr std::size_t kShown = 20;

struct Allowance {
  const AllowedSecret* entry = nullptr;
  bool is_over = false;
  bool is_used = false;
};
using Allowances = std::map<std::string, Allowance, std::less<>>;

Allowances allowances_of(const Look& look) {
  Allowances all;
  for (const auto& entry : look.config().precheck().security.secrets_allow) {
    const auto last = parse_rfc3339(entry.until + "T00:00:00Z");
    const auto about =
        fmt::format("the allowance '{}' in precheck.security.secrets_allow", printable(entry.sha256, 80));
    if (!is_sha256_hex(entry.sha256))
      throw Error(ExitCode::usage, about + " names no hash", "Copy the hash that the finding shows.");
    if (trim(entry.reason).empty())
      throw Error(ExitCode::usage, about + " has no reason", "Write why this value may stay.");
    if (!last)
      throw Error(ExitCode::usage, about + " has no day until which it holds",
                  "Write until: as 2026-12-31, its last day.");
    all[to_lower(entry.sha256)] = {.entry = &entry, .is_over = look.now() >= *last + std::chrono::days(1)};
  }
  return all;
}

/// What the findings come to.
struct Tally {
  std::size_t live = 0;
  std::size_t lesser = 0;
  std::size_t allowed = 0;
  std::size_t public_ones = 0;
  std::string text = {};
};

std::string text_of(const Secret& secret, const Allowance* over) {
  constexpr std::size_t kLongPlace = 300;
  const auto more = secret.places > 1 ? fmt::format(" and {} more places", secret.places - 1) : std::string{};
  const auto ended = over == nullptr ? std::string{} : ", allowed until " + printable(over->entry->until, 20);
  return fmt::format("{} ({}, {}) in {}{}, {} bytes, sha256 {}{}", secret.rule, secret.title,
                     severity_name(secret.severity), printable(secret.place, kLongPlace), more, secret.length,
                     secret.hash, ended);
}

Tally tally(const std::vector<Secret>& found, Allowances& allowances) {
  Tally sum;
  std::size_t shown = 0;
  for (const auto& secret : found) {
    if (secret.severity == Severity::published || secret.severity == Severity::identifier) {
      ++sum.public_ones;
      continue;
    }
    const auto known = allowances.find(secret.hash);
    const bool is_known = known != allowances.end();
    if (is_known) known->second.is_used = true;
    if (is_known && !known->second.is_over) {
      ++sum.allowed;
      continue;
    }
    ++(secret.severity == Severity::live ? sum.live : sum.lesser);
    if (shown++ < kShown)
      sum.text += (sum.text.empty() ? "" : "; ") + text_of(secret, is_known ? &known->second : nullptr);
  }
  if (shown > kShown) sum.text += fmt::format("; and {} more", shown - kShown);
  return sum;
}

std::string beside(const Tally& sum, const Allowances& allowances, const std::string& read) {
  const auto unused = std::ranges::count_if(allowances, [](const auto& one) { return !one.second.is_used; });
  auto text = read;
  if (sum.allowed > 0) text += fmt::format("; {} allowed", sum.allowed);
  if (unused > 0) text += fmt::format("; {} in secrets_allow fit nothing", count_text(unused, "allowance"));
  return text;
}

}  // namespace

Observation judge_secrets(const Look& look, const secrets::Secrets& found, const secrets::Coverage& coverage,
                          const std::string& read) {
  auto allowances = allowances_of(look);
  const auto sum = tally(found.all(), allowances);
  const auto about = beside(sum, allowances, read);
  Observation seen;
  seen.observed = Measured(sum.live + sum.lesser, "secrets");
  seen.message = (sum.text.empty() ? "" : sum.text + "; ") + about;
  if (!coverage.is_whole()) seen.message += "; " + coverage.unread_text();
  if (sum.live > 0) {
    seen.outcome = Outcome::fail;
    seen.recovery = {"Revoke the secret at its issuer: who reads the repository, its history or the image has it.",
                     "Take it out of the file, and put a reference to a secret store in its place.",
                     "If the value is no secret: add {sha256: the hash above, reason, until} to "
                     "precheck.security.secrets_allow.",
                     "Run baton-precheck again."};
    return seen;
  }
  if (!coverage.is_whole() || coverage.bytes() == 0 || found.left_out() > 0) {
    if (coverage.bytes() == 0) seen.message += "; nothing was there to be read";
    return seen;
  }
  seen.outcome = sum.lesser > 0 ? Outcome::warn : Outcome::pass;
  return seen;
}

}  // namespace baton::precheck
