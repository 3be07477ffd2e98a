// Asks, and reads what comes.
#include "tools/precheck/endpoint_answer.h"

#include <fmt/format.h>

#include <cmath>

#include "common/core/number.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMaxBytes = 4U << 20U;
constexpr Duration kDeadline = std::chrono::seconds(15);

/// Seconds are below 10^11 until the year 5138, milliseconds above it since 1973, and so on.
std::optional<Time> time_of_count(double count) {
  if (!(count > 0)) return std::nullopt;
  double milliseconds = count * 1000;
  if (count >= 1e11) milliseconds = count;
  if (count >= 1e14) milliseconds = count / 1e3;
  if (count >= 1e17) milliseconds = count / 1e6;
  if (milliseconds > 1e14) return std::nullopt;
  return Time(Duration(static_cast<Duration::rep>(std::floor(milliseconds))));
}

HttpRequest request_to(const Endpoint& at, const std::string& more) {
  HttpRequest request{.url = at.url, .headers = at.headers, .max_body = kMaxBytes, .deadline = kDeadline};
  if (!more.empty()) {
    while (request.url.ends_with('/')) request.url.pop_back();
    request.url += more;
  }
  for (const auto& [name, value] : at.headers) keep_secret(value);
  if (!at.token.empty()) {
    keep_secret(at.token);
    request.headers.emplace_back("Authorization", "Bearer " + at.token);
  }
  return request;
}

}  // namespace

Json json_from(const Look& look, const Endpoint& at, const std::string& key, const std::string& more) {
  const auto answer = look.http_to(at, key).send(request_to(at, more), look.stop());
  const auto name = "'" + redact(at.url) + "'";
  if (!answer.is_success()) {
    throw Error(ExitCode::unknown,
                fmt::format("{} answered {}: '{}'", name, answer.status, printable(trim(answer.body), 200)),
                "Correct " + key + ": its address, token or headers.");
  }
  return parse_json(answer.body, name, {.bytes = kMaxBytes});
}

std::optional<Time> time_in(const Json& value) {
  if (value.is_number()) return time_of_count(value.number());
  if (!value.is_string()) return std::nullopt;
  if (const auto time = parse_rfc3339(value.string())) return time;
  const auto count = parse_decimal(value.string());
  return count ? time_of_count(*count) : std::nullopt;
}

}  // namespace baton::precheck
