// Connections that are kept, and what happens when they went away.
#include <atomic>
#include <thread>

#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

using HttpKeepTest = HttpTest;

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
  // The second request on a connection finds it closed only after it was sent: no look beforehand can see that.
  HttpServer server([](const Received& received) -> Answer {
    const bool is_first = received.target == "/first";
    return is_first || received.connection > 1 ? Answer{.body = "ok"} : Answer{.cut_after = 0};
  });
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
