// Connections without HTTP: bytes both ways, TLS, deadlines, stop.
#include "common/io/connection.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using test::refusal;
using test::says;

ConnectionSettings to(const test::HttpServer& server) {
  return {.host = "127.0.0.1", .port = server.port(), .shown = "thing://user:password@host", .origin = "some.key"};
}

TEST(Connection, CarriesBytesBothWays) {
  const test::HttpServer server([](const test::Received&) { return test::Answer{.raw = "pong", .is_last = true}; });
  Connection connection(to(server));
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.receive(), "pong");
  EXPECT_EQ(connection.receive(), "") << "closed";
}

TEST(Connection, VerifiesTls) {
  const test::Authority authority;
  const test::HttpServer server([](const test::Received&) { return test::Answer{.raw = "pong"}; },
                                {.identity = authority.issue()});
  auto settings = to(server);
  settings.is_tls = true;
  EXPECT_TRUE(says(refusal(ExitCode::unknown, [&] { return Connection(settings).receive(); }),
                   "cannot reach 'thing://user:***@host' (some.key): its certificate is refused"));
  settings.tls.ca_pem = authority.certificate_pem();
  Connection connection(settings);
  connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(connection.receive(), "pong");
}

TEST(Connection, EndsInTime) {
  const test::HttpServer server([](const test::Received&) { return test::Answer{.is_silent = true}; });
  auto settings = to(server);
  settings.deadline = std::chrono::milliseconds(200);
  Connection connection(settings);
  EXPECT_TRUE(
      says(refusal(ExitCode::unknown, [&] { return connection.receive(); }), "no complete answer within 200 ms"));
}

TEST(Connection, EndsWhenAskedTo) {
  const test::HttpServer server([](const test::Received&) { return test::Answer{.is_silent = true}; });
  std::stop_source stop;
  Connection connection(to(server), stop.get_token());
  const std::jthread stopping([&] { stop.request_stop(); });
  EXPECT_TRUE(says(refusal(ExitCode::interrupted, [&] { return connection.receive(); }), "stopped"));
}

TEST(Connection, SaysWhyThereIsNone) {
  EXPECT_TRUE(says(refusal(ExitCode::unknown,
                           [] { return Connection({.host = "127.0.0.1", .port = 1, .shown = "x://h"}).receive(); }),
                   "cannot reach 'x://h': connection refused"));
}

}  // namespace
}  // namespace baton
