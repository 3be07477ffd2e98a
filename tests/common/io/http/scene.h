// What the tests of the HTTP client share.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/core/error.h"
#include "common/io/http/client.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton {

using namespace std::chrono_literals;
using test::Answer;
using test::error_of;
using test::HttpServer;
using test::Received;
using test::says;

inline HttpServer::Handler always(const Answer& answer) {
  return [answer](const Received&) { return answer; };
}

class HttpTest : public testing::Test {
 protected:
  HttpClient client(HttpSettings settings = {.attempts = 1}) { return {std::move(settings), Environment(), clock_}; }
  /// What one request without retries ends with.
  Error failure_of(const HttpRequest& request) {
    return error_of([&] { client().send(request); });
  }
  Duration now() const { return clock_.monotonic(); }

  SystemClock clock_;
};

}  // namespace baton
