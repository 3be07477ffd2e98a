// Connections that are kept, and what happens when they went away.
#include <atomic>
#include <latch>
#include <thread>

#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

class HttpKeepTest : public HttpTest {
 protected:
  /// The second request on a connection finds it closed only after it was sent: no look beforehand can see that.
  HttpServer::Handler breaks_under_the_second_ = [](const Received& received) -> Answer {
    const bool is_first = received.target == "/first";
    return is_first || received.connection > 1 ? Answer{.body = "ok"} : Answer{.cut_after = 0};
  };
};

TEST_F(HttpKeepTest, KeepsConnections) {
  HttpServer server(always({.body = "ok"}));
  HttpClient http = client();
  for (int i = 0; i < 3; ++i) http.send({.url = server.url()});
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpKeepTest, TakesANewConnectionWhenToldTo) {
  HttpServer server(always({.body = "ok"}));
  HttpClient http = client();
  http.send({.url = server.url()});
  http.send({.url = server.url(), .new_connection = true});
  http.send({.url = server.url(), .new_connection = true});
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(HttpKeepTest, SendsWhatMustNotHappenTwiceOnANewConnection) {
  HttpServer server(always({}));
  HttpClient http = client();
  http.send({.url = server.url()});
  http.send({.method = "POST", .url = server.url()});
  http.send({.method = "DELETE", .url = server.url(), .retry = false});
  http.send({.method = "POST", .url = server.url(), .retry = true});
  EXPECT_EQ(server.received().at(1).connection, 2);
  EXPECT_EQ(server.received().at(2).connection, 3);
  EXPECT_LT(server.received().at(3).connection, 4);
}

TEST_F(HttpKeepTest, ReusesAConnectionForWhatChangesNothingAlsoWithoutRetries) {
  HttpServer server(always({}));
  HttpClient http = client();
  for (const char* method : {"GET", "HEAD", "OPTIONS", "GET"})
    http.send({.method = method, .url = server.url(), .retry = false});
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpKeepTest, ReplacesAStaleConnectionAlsoWithoutRetriesWhenTheRequestChangesNothing) {
  HttpServer server(breaks_under_the_second_);
  HttpClient http = client();
  http.send({.url = server.url() + "/first"});
  EXPECT_EQ(http.send({.url = server.url() + "/second", .retry = false}).body, "ok");
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(HttpKeepTest, AsksOnceOnlyWithoutRetriesWhenTheServerIsReallyGone) {
  HttpServer server([](const Received& received) -> Answer {
    return received.target == "/first" ? Answer{.body = "ok"} : Answer{.cut_after = 0};
  });
  HttpClient http = client({.attempts = 3});
  http.send({.url = server.url() + "/first"});
  EXPECT_TRUE(says(error_of([&] { http.send({.url = server.url(), .retry = false}); }).what(), "without an answer"));
  EXPECT_EQ(server.received().size(), 3U) << "once on the kept connection, once on a fresh one";
}

TEST_F(HttpKeepTest, NeverSendsTwiceWhatMustNotHappenTwice) {
  for (const HttpRequest& request :
       {HttpRequest{.method = "POST"}, HttpRequest{.method = "PATCH"}, HttpRequest{.method = "PUT", .retry = false},
        HttpRequest{.method = "DELETE", .retry = false}}) {
    HttpServer server([](const Received& received) -> Answer {
      return received.target == "/first" ? Answer{.body = "ok"} : Answer{.cut_after = 0};
    });
    HttpClient http = client({.attempts = 3});
    http.send({.url = server.url() + "/first"});
    HttpRequest once = request;
    once.url = server.url() + "/second";
    EXPECT_EQ(error_of([&] { http.send(once); }).code(), ExitCode::unknown);
    EXPECT_EQ(server.received().size(), 2U) << request.method;
  }
}

TEST_F(HttpKeepTest, KeepsAsManyConnectionsAsThereWereRequestsAtOnce) {
  constexpr int kAtOnce = 16;
  std::latch all_came(kAtOnce);
  HttpServer server([&](const Received& received) -> Answer {
    if (received.target == "/together") all_came.arrive_and_wait();
    return {.body = "ok"};
  });
  HttpClient http = client();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kAtOnce; ++t) {
      threads.emplace_back([&] {
        http.send({.url = server.url() + "/together"});
        for (int i = 0; i < 10; ++i) http.send({.url = server.url()});
      });
    }
  }
  EXPECT_EQ(server.connections(), kAtOnce);
}

TEST_F(HttpKeepTest, DoesNotPileUpConnectionsThatWereNeededOnce) {
  HttpServer server(always({}));
  HttpClient http = client();
  for (int i = 0; i < 10; ++i) http.send({.method = "POST", .url = server.url()});
  for (int i = 0; i < 500 && server.open_connections() > 1; ++i) clock_.sleep_for(10ms, {});
  EXPECT_EQ(server.open_connections(), 1);
  http.send({.url = server.url()});
  EXPECT_EQ(server.connections(), 10);
}

TEST_F(HttpKeepTest, DoesNotKeepWhatThePeerCloses) {
  HttpServer server(always({.headers = {{"Connection", "close"}}}));
  HttpClient http = client();
  http.send({.url = server.url()});
  http.send({.url = server.url()});
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpKeepTest, ReplacesAConnectionThatWasClosedWhileIdle) {
  HttpServer server(always({.body = "ok"}));
  HttpClient http = client();
  http.send({.url = server.url()});
  server.close_connections();
  EXPECT_EQ(http.send({.url = server.url()}).body, "ok");
}

TEST_F(HttpKeepTest, AsksAgainOnceWhenAKeptConnectionBreaksUnderARequest) {
  HttpServer server(breaks_under_the_second_);
  HttpClient http = client();
  http.send({.url = server.url() + "/first"});
  EXPECT_EQ(http.send({.url = server.url() + "/second"}).body, "ok");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpKeepTest, DoesNotTakeSilenceForAClosedConnection) {
  HttpServer server([](const Received& received) -> Answer {
    return received.target == "/first" ? Answer{.body = "ok"} : Answer{.delay = 1h};
  });
  HttpClient http = client({.read_timeout = 200ms, .attempts = 1});
  http.send({.url = server.url() + "/first"});
  EXPECT_TRUE(says(error_of([&] { http.send({.url = server.url() + "/second"}); }).what(), "nothing came for 200 ms"));
  EXPECT_EQ(server.received().size(), 2U);
}

TEST_F(HttpKeepTest, ForgetsAConnectionWithSomethingBehindTheAnswer) {
  HttpServer server([](const Received& received) -> Answer {
    if (received.connection > 1) return {.body = "mine"};
    return {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nalien"};
  });
  HttpClient http = client();
  EXPECT_EQ(http.send({.url = server.url()}).body, "ok");
  EXPECT_EQ(http.send({.url = server.url()}).body, "mine");
}

TEST_F(HttpKeepTest, DoesNotTakeAGoodbyeForAnAnswer) {
  // Some servers say 408 to a connection that idled too long: the next request must not take it for its own answer.
  HttpServer server([](const Received& received) -> Answer {
    if (received.connection > 1) return {.body = "mine"};
    return {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 408 Too late\r\n\r\n", .pace = 2ms};
  });
  HttpClient http = client();
  EXPECT_EQ(http.send({.url = server.url()}).body, "ok");
  clock_.sleep_for(100ms, {});
  EXPECT_EQ(http.send({.url = server.url()}).body, "mine");
}

TEST_F(HttpKeepTest, ServesManyThreadsAtOnce) {
  HttpServer server([](const Received& received) -> Answer { return {.body = received.target}; });
  HttpClient http = client();
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 25; ++i) {
          const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
          if (http.send({.url = server.url() + path}).body == path) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 200);
  EXPECT_LT(server.connections(), 150);
}

}  // namespace
}  // namespace baton
