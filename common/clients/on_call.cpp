// One question a service; the answers differ, turns are what they have in common.
#include "common/clients/on_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"

namespace baton::on_call {
namespace {

constexpr std::size_t kMaxAnswer = 4U << 20U;
constexpr std::size_t kLongestName = 100;

[[noreturn]] void broken(std::string_view name, const std::string& what) {
  throw Error(ExitCode::unknown, fmt::format("{}: {}", name, what),
              "Look at what the schedule's service answers; correct precheck.team.on_call.");
}

const std::string& text_at(const Json& json, std::string_view key, std::string_view name) {
  const Json& found = json[key];
  if (!found.is_string() || trim(found.string()).empty()) broken(name, fmt::format("a turn has no '{}'", key));
  return found.string();
}

/// Absent or null is an open end.
std::optional<Time> end_at(const Json& json, std::string_view key, std::string_view name) {
  const Json& found = json[key];
  if (found.is_null()) return std::nullopt;
  const auto time = found.is_string() ? parse_rfc3339(found.string()) : std::nullopt;
  if (!time) broken(name, fmt::format("'{}' of a turn is no time", key));
  return time;
}

const Json& list_at(const Json& json, std::string_view key, std::string_view name) {
  const Json& found = json[key];
  if (!found.is_array()) broken(name, fmt::format("the answer has no list '{}'", key));
  return found;
}

std::string person_text(const std::string& person) { return printable(trim(std::string_view(person)), kLongestName); }

/// The server's address without a slash at its end.
std::string base_of(const Schedule& schedule, std::string_view otherwise) {
  std::string url = schedule.url.empty() ? std::string(otherwise) : schedule.url;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Json ask(HttpClient& http, const Schedule& schedule, const std::string& url, Headers headers,
         const std::stop_token& stop) {
  headers.insert(headers.end(), schedule.headers.begin(), schedule.headers.end());
  const auto answer = http.send({.url = url, .headers = std::move(headers), .max_body = kMaxAnswer}, stop);
  const auto name = redact(url);
  if (!answer.is_success())
    throw Error(ExitCode::unknown, fmt::format("'{}' answered {} to who is on call", name, answer.status),
                "Check the schedule's id and the token of precheck.team.on_call.");
  return parse_json(answer.body, name, {.bytes = kMaxAnswer});
}

std::vector<Turn> ask_pagerduty(HttpClient& http, const Schedule& schedule, Time from, Time until,
                                const std::stop_token& stop) {
  const auto url = fmt::format("{}/oncalls?schedule_ids%5B%5D={}&since={}&until={}&limit=100",
                               base_of(schedule, "https://api.pagerduty.com"), percent_encode(schedule.name),
                               percent_encode(to_rfc3339(from)), percent_encode(to_rfc3339(until)));
  const auto answer =
      ask(http, schedule, url,
          {{"Accept", "application/vnd.pagerduty+json;version=2"}, {"Authorization", "Token token=" + schedule.token}},
          stop);
  return parse_pagerduty(answer, redact(url));
}

/// An id is a UUID; anything else is a name.
std::string_view identifier_type(std::string_view name) {
  constexpr std::size_t kUuid = 36;
  const bool is_id =
      name.size() == kUuid && name.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
  return is_id ? "id" : "name";
}

std::vector<Turn> ask_opsgenie(HttpClient& http, const Schedule& schedule, Time from, Time /*until*/,
                               const std::stop_token& stop) {
  const auto url = fmt::format("{}/v2/schedules/{}/timeline?identifierType={}&interval=2&intervalUnit=days&date={}",
                               base_of(schedule, "https://api.opsgenie.com"), percent_encode(schedule.name),
                               identifier_type(schedule.name), percent_encode(to_rfc3339(from)));
  const auto answer = ask(http, schedule, url, {{"Authorization", "GenieKey " + schedule.token}}, stop);
  return parse_opsgenie(answer, redact(url));
}

std::vector<Turn> ask_document(HttpClient& http, const Schedule& schedule, Time /*from*/, Time /*until*/,
                               const std::stop_token& stop) {
  Headers headers = {{"Accept", "application/json"}};
  if (!schedule.token.empty()) headers.emplace_back("Authorization", "Bearer " + schedule.token);
  const auto document = ask(http, schedule, schedule.url, std::move(headers), stop);
  const Json* person = resolve_pointer(document, schedule.pointer);
  const auto name = redact(schedule.url);
  if (person == nullptr || !person->is_string())
    broken(name, fmt::format("there is no text at '{}'", printable(schedule.pointer, kLongestName)));
  if (trim(person->string()).empty()) return {};
  return {{.person = person_text(person->string())}};
}

struct Kind {
  std::string_view name;
  std::vector<Turn> (*ask)(HttpClient&, const Schedule&, Time, Time, const std::stop_token&);
};
constexpr std::array kKinds = {Kind{"pagerduty", ask_pagerduty}, Kind{"opsgenie", ask_opsgenie},
                               Kind{"url", ask_document}};

}  // namespace

std::vector<Turn> turns(HttpClient& http, const Schedule& schedule, Time from, Time until, std::stop_token stop) {
  const auto* const kind = std::ranges::find(kKinds, schedule.kind, &Kind::name);
  if (kind == kKinds.end())
    throw Error(ExitCode::usage, fmt::format("'{}' is no service that is asked", printable(schedule.kind, 50)),
                "Use pagerduty, opsgenie or url in precheck.team.on_call.");
  auto all = kind->ask(http, schedule, from, until, stop);
  std::erase_if(
      all, [&](const Turn& turn) { return (turn.until && *turn.until <= from) || (turn.from && *turn.from >= until); });
  return all;
}

std::optional<Time> first_gap(const std::vector<Turn>& turns, Time from, Time until) {
  auto covered = from;
  for (bool moved = true; moved && covered < until;) {
    moved = false;
    for (const auto& turn : turns) {
      const bool has_begun = !turn.from || *turn.from <= covered;
      if (!has_begun || (turn.until && *turn.until <= covered)) continue;
      covered = turn.until.value_or(until);
      moved = true;
    }
  }
  return covered < until ? std::optional(covered) : std::nullopt;
}

std::vector<Turn> parse_pagerduty(const Json& answer, std::string_view name) {
  const Json& list = list_at(answer, "oncalls", name);
  if (answer["more"].boolean_or(false)) broken(name, "the schedule has more turns than one answer holds");
  std::vector<Turn> all;
  for (const auto& turn : list.items()) {
    all.push_back({.person = person_text(text_at(turn["user"], "summary", name)),
                   .from = end_at(turn, "start", name),
                   .until = end_at(turn, "end", name)});
  }
  return all;
}

std::vector<Turn> parse_opsgenie(const Json& answer, std::string_view name) {
  std::vector<Turn> all;
  for (const auto& rotation : list_at(answer["data"]["finalTimeline"], "rotations", name).items()) {
    for (const auto& period : rotation["periods"].items_or_none()) {
      // Of a stretch without anybody the service says nothing, or that it has no recipient.
      const Json& who = period["recipient"];
      if (who.is_null() || who["type"].string_or("") == "none") continue;
      all.push_back({.person = person_text(text_at(who, "name", name)),
                     .from = end_at(period, "startDate", name),
                     .until = end_at(period, "endDate", name)});
    }
  }
  return all;
}

}  // namespace baton::on_call
