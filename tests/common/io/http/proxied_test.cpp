// Requests that go through a proxy.
#include "tests/common/io/http/scene.h"
#include "tests/support/relay.h"

namespace baton {
namespace {

class HttpProxyTest : public HttpTest {
 protected:
  static Environment variables(std::map<std::string, std::string, std::less<>> values) {
    return Environment(std::move(values));
  }
  HttpClient by(const std::string& variable, const std::string& proxy, const TlsSettings& tls = {}) {
    return {{.attempts = 1, .tls = tls}, variables({{variable, proxy}}), clock_};
  }
  static std::string proxy_url(int port, const std::string& user = "") {
    return "http://" + user + "127.0.0.1:" + std::to_string(port);
  }
};

TEST_F(HttpProxyTest, PlainRequestsNameTheirWholeUrl) {
  HttpServer proxy(always({.body = "by proxy"}));
  HttpClient http = by("http_proxy", proxy_url(proxy.port(), "jo:p%40ss@"));
  EXPECT_EQ(http.send({.url = "http://shop.example/a?b"}).body, "by proxy");
  EXPECT_EQ(http.send({.url = "http://[2001:db8::1]:81/"}).body, "by proxy");
  EXPECT_EQ(proxy.received().at(0).target, "http://shop.example:80/a?b");
  EXPECT_EQ(proxy.received().at(0).header("Host"), "shop.example");
  EXPECT_EQ(proxy.received().at(0).header("Proxy-Authorization"), "Basic am86cEBzcw==");
  EXPECT_EQ(proxy.received().at(1).target, "http://[2001:db8::1]:81/");
}

TEST_F(HttpProxyTest, HttpsGoesThroughATunnelAndIsVerifiedBehindIt) {
  const test::Authority authority;
  const TlsSettings tls{.ca_pem = authority.certificate_pem()};
  HttpServer server(always({.body = "ok"}), {.identity = authority.issue({.names = {"DNS:shop.example"}})});
  test::Relay proxy({.port = server.port(), .is_proxy = true});
  HttpClient http = by("HTTPS_PROXY", proxy_url(proxy.port(), "jo:pw@"), tls);
  EXPECT_EQ(http.send({.url = "https://shop.example/a"}).body, "ok");
  EXPECT_EQ(server.received().at(0).target, "/a");
  EXPECT_EQ(server.received().at(0).header("Proxy-Authorization"), "");
  EXPECT_TRUE(says(proxy.asked().at(0), "CONNECT shop.example:443 HTTP/1.1\r\n"));
  EXPECT_TRUE(says(proxy.asked().at(0), "Proxy-Authorization: Basic am86cHc=\r\n"));
  const Error error = error_of([&] { http.send({.url = "https://other.example/a"}); });
  EXPECT_TRUE(says(error.what(), "refused for 'other.example': hostname mismatch")) << error.what();
}

TEST_F(HttpProxyTest, SaysWhatTheProxyAnswered) {
  test::Relay proxy({.is_proxy = true, .refusal = "HTTP/1.1 407 Authenticate\r\n\r\n"});
  const Error error =
      error_of([&] { by("https_proxy", proxy_url(proxy.port())).send({.url = "https://shop.example/"}); });
  EXPECT_TRUE(says(error.what(), "the proxy 127.0.0.1:" + std::to_string(proxy.port()) + " answered 407"));
}

TEST_F(HttpProxyTest, LoopbackIsNeverProxied) {
  HttpServer server(always({.body = "direct"}));
  EXPECT_EQ(by("http_proxy", "http://127.0.0.1:1").send({.url = server.url()}).body, "direct");
}

TEST_F(HttpProxyTest, TheSettingsProxyComesBeforeTheEnvironments) {
  HttpServer proxy(always({.body = "by proxy"}));
  HttpClient http({.attempts = 1, .proxy = proxy_url(proxy.port())}, variables({{"http_proxy", "http://127.0.0.1:1"}}),
                  clock_);
  EXPECT_EQ(http.send({.url = "http://shop.example/"}).body, "by proxy");
}

TEST_F(HttpProxyTest, RefusesOtherKindsOfProxies) {
  for (const std::string proxy : {"socks5://127.0.0.1:1080", "https://proxy.example:443"}) {
    const Error error = error_of([&] { by("http_proxy", proxy).send({.url = "http://shop.example/"}); });
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_TRUE(says(error.what(), "cannot use the proxy '" + proxy + "' of HTTP_PROXY")) << error.what();
  }
}

}  // namespace
}  // namespace baton
