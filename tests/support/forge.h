// GitHub, GitLab and SonarQube on loopback: documents by path, written from their published API schemas.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/http_server.h"

namespace baton::test {

/// Answers each path, without its query, as `pages` say: page 1, 2, …; an empty list behind the last; 404 elsewhere.
class Documents {
 public:
  std::map<std::string, std::vector<std::string>> pages = {};
  Answer refusal = {.status = 404, .body = R"({"message":"Not Found"})"};

  void put(const std::string& path, const std::string& body) { pages[path] = {body}; }
  std::string url() const { return server_.url(); }
  std::vector<Received> received() const { return server_.received(); }

 private:
  Answer answer(const Received& asked) const {
    const auto query = asked.target.find('?');
    const auto found = pages.find(asked.target.substr(0, query));
    if (found == pages.end()) return refusal;
    const auto at = asked.target.find("&page=");
    const auto page = at == std::string::npos ? 1U : static_cast<std::size_t>(std::stoi(asked.target.substr(at + 6)));
    return {.body = page <= found->second.size() ? found->second[page - 1] : "[]"};
  }

  HttpServer server_{[this](const Received& asked) { return answer(asked); }};
};

}  // namespace baton::test
