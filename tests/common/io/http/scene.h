// What the tests of the HTTP client share.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "common/core/error.h"
#include "common/io/http/client.h"
#include "tests/support/http_server.h"

namespace baton {

using namespace std::chrono_literals;
using test::Answer;
using test::HttpServer;
using test::Received;

inline Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ExitCode::proceed, ""};
}

inline testing::AssertionResult says(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << text << "' does not say '" << part << "'";
}

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
