// Backoff and Retry-After.
#include "common/io/http/retry.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

namespace baton {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(200);
constexpr int kMostDoublings = 5;
// More than anybody waits for; keeps the sum of a foreign number and our clock within its type.
constexpr int kMostSeconds = 7 * 24 * 3600;

std::optional<int> parse_seconds(std::string_view text) {
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::min(seconds, kMostSeconds);
}

std::optional<Time> parse_date(const std::string& text) {
  Poco::DateTime date;
  int offset = 0;
  if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, offset)) return std::nullopt;
  // Poco reads a date into almost anything: what it read must be what was written.
  if (Poco::DateTimeFormatter::format(date, Poco::DateTimeFormat::HTTP_FORMAT) != text) return std::nullopt;
  return Time(std::chrono::seconds(date.timestamp().epochTime()));
}

}  // namespace

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 5> kIdempotent = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::ranges::find(kIdempotent, method) != kIdempotent.end();
}

bool is_safe(std::string_view method) {
  constexpr std::array<std::string_view, 3> kSafe = {"GET", "HEAD", "OPTIONS"};
  return std::ranges::find(kSafe, method) != kSafe.end();
}

Duration pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = kFirstPause.count() << std::clamp(attempt - 2, 0, kMostDoublings);
  return Duration(std::uniform_int_distribution<Duration::rep>(longest / 2, longest)(random));
}

std::optional<Duration> retry_after(const HttpResponse& response, Time now) {
  if (response.status != 429 && response.status != 503) return std::nullopt;
  const std::string text = response.header("Retry-After");
  if (const auto seconds = parse_seconds(text)) return std::chrono::seconds(*seconds);
  const auto date = parse_date(text);
  if (!date) return std::nullopt;
  return std::clamp<Duration>(*date - now, Duration::zero(), std::chrono::seconds(kMostSeconds));
}

}  // namespace baton
