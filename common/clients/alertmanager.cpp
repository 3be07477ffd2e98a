// GET /api/v2/alerts.
#include "common/clients/alertmanager.h"

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/secrets.h"

namespace baton::alertmanager {
namespace {

constexpr std::size_t kMostOfBody = 32U << 20U;

std::string base_of(const Settings& settings) {
  auto url = settings.url;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

HttpResponse ask(HttpClient& http, const Settings& settings, std::string_view path, std::stop_token stop) {
  HttpRequest request{
      .url = fmt::format("{}{}", base_of(settings), path), .headers = settings.headers, .max_body = kMostOfBody};
  request.headers.emplace_back("Accept", "application/json");
  if (!settings.token.empty()) {
    keep_secret(settings.token);
    request.headers.emplace_back("Authorization", "Bearer " + settings.token);
  }
  auto response = http.send(request, std::move(stop));
  if (response.status == 200) return response;
  throw Error(ExitCode::unknown,
              fmt::format("'{}' answered {}: {}", redact(request.url), response.status, printable(response.body, 200)),
              "Check that the URL is an Alertmanager's, and its token.");
}

std::map<std::string, std::string, std::less<>> texts_of(const Json& members) {
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& [name, value] : members.members_or_none()) texts.emplace(name, value.string());
  return texts;
}

}  // namespace

std::string Alert::label(std::string_view name) const {
  const auto found = labels.find(name);
  return found == labels.end() ? "" : found->second;
}

std::vector<Alert> parse_alerts(const std::string& body, std::string_view name) {
  const auto list = parse_json(body, name);
  std::vector<Alert> alerts;
  try {
    for (const auto& one : list.items()) {
      Alert alert{.labels = texts_of(one["labels"]), .starts_at = one["startsAt"].string()};
      alert.summary = one["annotations"]["summary"].string_or("");
      if (alert.labels.empty()) throw Error(ExitCode::unknown, "an alert has no labels");
      alerts.push_back(std::move(alert));
    }
  } catch (const Error& error) {
    throw Error(ExitCode::unknown, fmt::format("{}: no list of alerts: {}", name, error.what()),
                "Check that the URL is an Alertmanager's (0.16 or newer).");
  }
  return alerts;
}

std::vector<Alert> firing_alerts(HttpClient& http, const Settings& settings, std::stop_token stop) {
  ask(http, settings, "/-/ready", stop);
  constexpr std::string_view kFiring = "/api/v2/alerts?active=true&silenced=false&inhibited=false&unprocessed=false";
  return parse_alerts(ask(http, settings, kFiring, stop).body, "the Alertmanager's alerts");
}

}  // namespace baton::alertmanager
