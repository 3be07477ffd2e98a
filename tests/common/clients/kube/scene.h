// What the tests of the kube client share: an API server in a few lines, and a client of it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/clients/kube/client.h"
#include "common/core/error.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::kube {

using test::Answer;
using test::HttpServer;
using test::Received;

inline Answer status(int code, const std::string& reason, const std::string& message) {
  return {.status = code,
          .headers = {{"Content-Type", "application/json"}},
          .body = to_text(Json::object({{"kind", "Status"},
                                        {"apiVersion", "v1"},
                                        {"status", "Failure"},
                                        {"message", message},
                                        {"reason", reason},
                                        {"code", code}}))};
}

inline Answer object(const std::string& json) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = json};
}

inline Answer list_of(const std::vector<std::string>& names, const std::string& version = "7",
                      const std::string& next = "") {
  Json items = Json::array();
  for (const std::string& name : names) {
    items.push_back(Json::object({{"metadata", Json::object({{"name", name}, {"uid", "uid-" + name}})}}));
  }
  Json metadata = Json::object({{"resourceVersion", version}});
  if (!next.empty()) metadata["continue"] = next;
  return object(to_text(Json::object({{"kind", "PodList"}, {"metadata", metadata}, {"items", items}})));
}

class KubeTest : public testing::Test {
 protected:
  Client client(const HttpServer& script, Credentials credentials = {.token = "sesame"}) {
    return Client({.server = script.url(), .namespace_name = "shop", .credentials = std::move(credentials)},
                  Environment(), clock_, {.attempts = 3});
  }
  /// The one request that `act` makes, answered with an empty object.
  Received asked_by(const std::function<void(Client&)>& act) {
    HttpServer script([](const Received&) { return object("{}"); });
    Client kube = client(script);
    act(kube);
    EXPECT_EQ(script.received().size(), 1U);
    return script.received().at(0);
  }
  ManualClock clock_{Time(std::chrono::seconds(1'762'264'800))};
};

inline ApiError refusal_of(const std::function<void()>& act) { return test::error_of<ApiError>(act); }

}  // namespace baton::kube
