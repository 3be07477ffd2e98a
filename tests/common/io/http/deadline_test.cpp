// Time limits that hold whatever the peer does, and stopping at once.
#include <netinet/in.h>
#include <sys/socket.h>

#include <stop_token>
#include <thread>

#include "common/io/descriptor.h"
#include "tests/common/io/http/scene.h"
#include "tests/support/relay.h"

namespace baton {
namespace {

/// Generous: the machine may be busy; far below what the limits would be without the watchdog.
constexpr Duration kSoon = 1500ms;

class HttpDeadlineTest : public HttpTest {
 protected:
  /// The message of a request that must fail soon.
  std::string failed_soon(HttpClient http, const HttpRequest& request, std::stop_token stop = {}) {
    const Duration begin = now();
    const Error error = error_of([&] { http.send(request, stop); });
    EXPECT_LT(now() - begin, kSoon);
    return error.what();
  }
};

TEST_F(HttpDeadlineTest, HoldsAgainstAServerThatDribbles) {
  HttpServer head(always({.raw = "HTTP/1.1 200 OK\r\n" + std::string(10'000, 'x'), .pace = 20ms}));
  HttpServer body(always({.body = std::string(10'000, 'x'), .pace = 20ms}));
  for (const HttpServer* server : {&head, &body}) {
    EXPECT_TRUE(
        says(failed_soon(client(), {.url = server->url(), .deadline = 300ms}), "no complete answer within 300 ms"));
  }
}

TEST_F(HttpDeadlineTest, HoldsOverAllAttempts) {
  HttpServer server(always({.delay = 1h}));
  const Duration begin = now();
  const Error error = error_of([&] { client({.attempts = 100}).send({.url = server.url(), .deadline = 400ms}); });
  EXPECT_LT(now() - begin, kSoon);
  EXPECT_EQ(error.code(), ExitCode::unknown);
}

TEST_F(HttpDeadlineTest, HoldsOverRedirects) {
  HttpServer server(always({.status = 302, .headers = {{"Location", "/again"}}, .delay = 250ms}));
  const Duration begin = now();
  error_of([&] { client().send({.url = server.url(), .deadline = 400ms, .redirects = 100}); });
  EXPECT_LT(now() - begin, kSoon);
}

/// A port whose queue of connections is full: the kernel answers no more, like a host behind a firewall.
class FullPort {
 public:
  FullPort() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ::bind(listener_.number(), generic, size);
    ::listen(listener_.number(), 0);
    ::getsockname(listener_.number(), generic, &size);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i < 4; ++i) {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(waiting_.back().number(), generic, size);
    }
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

 private:
  Descriptor listener_;
  std::vector<Descriptor> waiting_;
  int port_ = 0;
};

TEST_F(HttpDeadlineTest, HoldsWhileConnecting) {
  const FullPort port;
  EXPECT_TRUE(says(failed_soon(client(), {.url = port.url(), .deadline = 300ms}), "no complete answer within 300 ms"));
  EXPECT_TRUE(says(failed_soon(client({.connect_timeout = 300ms, .attempts = 1}), {.url = port.url()}),
                   "timed out after 300 ms"));
}

TEST_F(HttpDeadlineTest, StopsWhileConnecting) {
  const FullPort port;
  std::stop_source source;
  const std::jthread stopper([&] {
    clock_.sleep_for(100ms, {});
    source.request_stop();
  });
  EXPECT_TRUE(says(failed_soon(client(), {.url = port.url()}, source.get_token()), "stopped"));
}

TEST_F(HttpDeadlineTest, EndsABodyWithoutLengthThatIsCutByUs) {
  // Our own shutdown looks like the peer's end: it must not pass for a complete answer.
  HttpServer server(always({.body = "half", .frame = Answer::Frame::until_close, .is_silent = true}));
  EXPECT_TRUE(says(failed_soon(client(), {.url = server.url(), .deadline = 200ms}), "no complete answer"));
}

TEST_F(HttpDeadlineTest, ReadTimeoutIsNotDoubled) {
  const test::Authority authority;
  HttpServer plain(always({.delay = 1h}));
  HttpServer secure(always({.delay = 1h}), {.identity = authority.issue()});
  for (const HttpServer* server : {&plain, &secure}) {
    const Duration begin = now();
    const Error error = error_of([&] {
      client({.read_timeout = 500ms, .attempts = 1, .tls = {.ca_pem = authority.certificate_pem()}})
          .send({.url = server->url()});
    });
    EXPECT_TRUE(says(error.what(), "nothing came for 500 ms")) << error.what();
    EXPECT_LT(now() - begin, 950ms);
  }
}

TEST_F(HttpDeadlineTest, ATlsPeerThatStaysSilentIsLeft) {
  HttpServer plain(always({.delay = 1h}));  // takes the ClientHello for the start of a request, and waits
  const std::string url = "https" + plain.url().substr(4);
  const Duration begin = now();
  const Error error = error_of([&] { client({.read_timeout = 300ms, .attempts = 1}).send({.url = url}); });
  EXPECT_TRUE(says(error.what(), "nothing came for 300 ms")) << error.what();
  EXPECT_LT(now() - begin, 5s);
}

TEST_F(HttpDeadlineTest, SlowButSteadyIsWithinTheReadTimeout) {
  HttpServer server(always({.body = std::string(30, 'x'), .pace = 20ms}));
  const HttpResponse response =
      client({.read_timeout = 400ms, .attempts = 1}).send({.url = server.url(), .deadline = 30s});
  EXPECT_EQ(response.body.size(), 30U);
}

TEST_F(HttpDeadlineTest, StopsAtOnce) {
  HttpServer server(always({.delay = 1h}));
  for (const std::string& url : {server.url(), "https" + server.url().substr(4)}) {
    std::stop_source source;
    const std::size_t before = static_cast<std::size_t>(server.connections());
    const std::jthread stopper([&] {
      while (static_cast<std::size_t>(server.connections()) == before) std::this_thread::yield();
      source.request_stop();
    });
    const Duration begin = now();
    const Error error = error_of([&] { client({}).send({.url = url}, source.get_token()); });
    EXPECT_EQ(error.code(), ExitCode::interrupted);
    EXPECT_EQ(error.what(), "cannot reach '" + url + "': stopped");
    EXPECT_LT(now() - begin, kSoon);
  }
}

TEST_F(HttpDeadlineTest, DoesNotBeginWhenStopped) {
  HttpServer server(always({}));
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(error_of([&] { client({}).send({.url = server.url()}, source.get_token()); }).code(),
            ExitCode::interrupted);
  EXPECT_TRUE(server.received().empty());
}

TEST_F(HttpDeadlineTest, StopsBetweenAttempts) {
  HttpServer server(always({.status = 503, .headers = {{"Retry-After", "20"}}}));
  std::stop_source source;
  const std::jthread stopper([&] {
    while (server.received().empty()) std::this_thread::yield();
    source.request_stop();
  });
  EXPECT_TRUE(says(failed_soon(client({}), {.url = server.url()}, source.get_token()), "stopped"));
}

}  // namespace
}  // namespace baton
