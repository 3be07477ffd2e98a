// SonarQube's Web API: what its quality gate says of a project, and of which commit.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/io/http/client.h"

namespace baton::sonarqube {

struct Gate {
  std::string status;                        ///< "OK", "WARN", "ERROR", "NONE"
  std::vector<std::string> violations = {};  ///< "new_coverage 62.5, asked for 80"
  std::string revision = {};                 ///< of the last analysis; empty: it names none
};

/// Both throw Error{unknown} on what is no such answer.
void read_gate(const Json& answer, Gate& into);
/// The newest of /api/project_analyses/search.
void read_revision(const Json& answer, Gate& into);

struct Server {
  std::string url;
  std::string token = {};
  Headers headers = {};
};
/// Throws Error{unknown} when it cannot be asked, or refuses.
Gate ask_gate(HttpClient& http, const Server& server, const std::string& project, std::stop_token stop);

}  // namespace baton::sonarqube
