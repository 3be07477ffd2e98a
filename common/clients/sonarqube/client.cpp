// Two questions: the gate, and the analysis that it is about.
#include "common/clients/sonarqube/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton::sonarqube {
namespace {

constexpr std::size_t kMaxAnswer = 4U << 20U;
constexpr std::array<std::string_view, 4> kStatuses{"OK", "WARN", "ERROR", "NONE"};

Json ask(HttpClient& http, const Server& server, const std::string& path, const std::stop_token& stop) {
  auto headers = server.headers;
  if (!server.token.empty()) {
    keep_secret(server.token);
    headers.emplace_back("Authorization", "Bearer " + server.token);
  }
  auto base = server.url;
  while (base.ends_with('/')) base.pop_back();
  const auto answer = http.send({.url = base + path, .headers = std::move(headers), .max_body = kMaxAnswer}, stop);
  if (answer.is_success()) return parse_json(answer.body, "answer of SonarQube");
  throw Error(ExitCode::unknown,
              fmt::format("SonarQube refused '{}': status {}: '{}'", path.substr(0, path.find('?')), answer.status,
                          printable(trim(answer.body), 200)),
              "Check precheck.quality.review.sonarqube: the url, the project's key, a token that may browse it.");
}

std::string shown(const Json& text) { return printable(text.string_or("?"), 100); }

}  // namespace

void read_gate(const Json& answer, Gate& into) {
  const auto& gate = answer["projectStatus"];
  into.status = gate["status"].string();
  if (std::ranges::find(kStatuses, into.status) == kStatuses.end())
    throw Error(ExitCode::unknown, "SonarQube answered with the status '" + printable(into.status, 40) + "'");
  for (const auto& condition : gate["conditions"].items_or_none()) {
    if (condition["status"] == Json("OK")) continue;
    into.violations.push_back(shown(condition["metricKey"]) + " " + shown(condition["actualValue"]) + ", asked for " +
                              shown(condition["errorThreshold"]));
  }
}

void read_revision(const Json& answer, Gate& into) {
  const auto& analyses = answer["analyses"].items();
  if (!analyses.empty()) into.revision = printable(analyses.front()["revision"].string_or(""), 64);
}

Gate ask_gate(HttpClient& http, const Server& server, const std::string& project, std::stop_token stop) {
  const auto key = percent_encode(project);
  Gate gate;
  read_gate(ask(http, server, "/api/qualitygates/project_status?projectKey=" + key, stop), gate);
  read_revision(ask(http, server, "/api/project_analyses/search?ps=1&project=" + key, stop), gate);
  return gate;
}

}  // namespace baton::sonarqube
