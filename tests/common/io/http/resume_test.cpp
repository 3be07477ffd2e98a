// TLS contexts and sessions: what connections share, and what they must not.
#include <openssl/ssl.h>

#include <thread>

#include "common/io/files.h"
#include "common/io/tls_context.h"
#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

class HttpResumeTest : public HttpTest {
 protected:
  test::ServerSettings own() const { return {.identity = authority_.issue()}; }
  HttpSettings trusting() const { return {.attempts = 1, .tls = {.ca_pem = authority_.certificate_pem()}}; }
  HttpSettings showing(const std::string& name) const {
    const test::Identity identity = authority_.issue({.names = {"DNS:" + name}});
    HttpSettings settings = trusting();
    settings.tls.certificate_pem = identity.certificate_pem;
    settings.tls.key_pem = identity.key_pem;
    return settings;
  }
  /// On a connection of its own.
  void get(HttpServer& server, const HttpSettings& settings) { client(settings).send({.url = server.url()}); }
  std::string refusal_of(HttpServer& server, const HttpSettings& settings) {
    return error_of([&] { get(server, settings); }).what();
  }

  test::Authority authority_;
};

TEST_F(HttpResumeTest, ResumesTheSessionOfAnEarlierConnection) {
  for (const bool is_tls12 : {false, true}) {
    HttpServer server(always({}), {.identity = authority_.issue(), .is_tls12 = is_tls12});
    for (int i = 0; i < 4; ++i) get(server, trusting());
    EXPECT_EQ(server.handshakes(), 4);
    EXPECT_EQ(server.resumptions(), 3) << is_tls12;
  }
}

TEST_F(HttpResumeTest, ThreadsShareOneSessionAndKeepTheirConnections) {
  constexpr int kThreads = 16;
  HttpServer server(always({.body = "ok"}), own());
  HttpClient http = client(trusting());
  http.send({.url = server.url()});
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) right += http.send({.url = server.url()}).body == "ok" ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, kThreads * 20);
  EXPECT_LE(server.connections(), kThreads);
  EXPECT_EQ(server.handshakes() - server.resumptions(), 1);
}

TEST_F(HttpResumeTest, AProofBeginsASessionOfItsOwn) {
  HttpServer server(always({}), own());
  get(server, trusting());
  for (int i = 0; i < 3; ++i) client(trusting()).send({.url = server.url(), .new_connection = true});
  EXPECT_EQ(server.handshakes(), 4);
  EXPECT_EQ(server.resumptions(), 0);
}

TEST_F(HttpResumeTest, NoTrustIsLentToOtherSettings) {
  HttpServer server(always({}), own());
  const test::Authority stranger;
  HttpSettings insecure = trusting();
  insecure.tls.insecure = true;
  get(server, insecure);
  get(server, trusting());
  EXPECT_EQ(server.resumptions(), 0) << "a session that nobody verified is no proof of anything";
  HttpSettings other_ca = trusting();
  other_ca.tls.ca_pem = stranger.certificate_pem();
  EXPECT_TRUE(says(refusal_of(server, other_ca), "its certificate is refused"));
  HttpSettings other_name = trusting();
  other_name.tls.server_name = "other.example";
  EXPECT_TRUE(says(refusal_of(server, other_name), "refused for 'other.example'"));
  get(server, trusting());
  EXPECT_EQ(server.resumptions(), 1);
}

TEST_F(HttpResumeTest, ASessionGoesToItsOwnHostAndPortOnly) {
  const TlsSettings tls = trusting().tls;
  const auto context = shared_tls_context(tls, "one.example", 443);
  EXPECT_EQ(context, shared_tls_context(tls, "one.example", 443));
  EXPECT_NE(context, shared_tls_context(tls, "two.example", 443));
  EXPECT_NE(context, shared_tls_context(tls, "one.example", 444));
  EXPECT_NE(context, shared_tls_context(showing("me").tls, "one.example", 443));
  EXPECT_EQ(context->trust(), shared_tls_context(tls, "two.example", 443)->trust()) << "read once";
}

TEST_F(HttpResumeTest, AnotherNameOfTheSameServerIsVerified) {
  HttpServer server(always({}), {.identity = authority_.issue({.names = {"IP:127.0.0.1"}})});
  get(server, trusting());
  const Error error = error_of([&] { client(trusting()).send({.url = server.url("localhost")}); });
  EXPECT_TRUE(says(error.what(), "refused for 'localhost': hostname mismatch"));
}

TEST_F(HttpResumeTest, TwoClientsAreNotTakenForOne) {
  HttpServer server(always({}), own());
  get(server, showing("one"));
  get(server, showing("two"));
  EXPECT_EQ(server.resumptions(), 0);
}

TEST_F(HttpResumeTest, AFileOfAuthoritiesThatChangedIsReadAnew) {
  HttpServer server(always({}), own());
  const test::Authority stranger;
  const TempFolder folder;
  const auto path = folder.path() / "ca.pem";
  const HttpSettings settings{.attempts = 1, .tls = {.ca_file = path}};
  write_file(path, authority_.certificate_pem());
  get(server, settings);
  write_file(path, stranger.certificate_pem());
  EXPECT_TRUE(says(refusal_of(server, settings), "its certificate is refused"));
  write_file(path, authority_.certificate_pem());
  get(server, settings);
  EXPECT_EQ(server.resumptions(), 0);
}

TEST_F(HttpResumeTest, AnExpiredCertificateEndsItsSession) {
  HttpServer server(always({}), {.identity = authority_.issue({.from_days = -10, .until_days = -1})});
  HttpSettings settings = trusting();
  settings.tls.insecure = true;  // else there would be no session at all
  get(server, settings);
  get(server, settings);
  EXPECT_EQ(server.resumptions(), 0);
}

TEST_F(HttpResumeTest, AResumedSessionIsNoVerifiedOne) {
  HttpServer server(always({}), own());
  const auto ticket = [&] {
    const auto session = shared_tls_context(trusting().tls, "127.0.0.1", server.port())->session().copy();
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    if (session) SSL_SESSION_get0_ticket(session->sslSession(), &bytes, &size);
    return std::string(reinterpret_cast<const char*>(bytes), size);
  };
  get(server, trusting());
  const std::string first = ticket();
  get(server, trusting());
  EXPECT_EQ(server.resumptions(), 1);
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(ticket(), first);
}

TEST_F(HttpResumeTest, AServerThatBreaksOffAResumptionIsMetInFull) {
  HttpServer server(always({}), {.identity = authority_.issue(), .client_ca = authority_.certificate_pem()});
  const HttpSettings settings = showing("pipeline");
  for (int i = 0; i < 3; ++i) get(server, settings);
  EXPECT_EQ(server.received().size(), 3U);
  EXPECT_EQ(server.resumptions(), 0);
  EXPECT_GT(server.connections(), 3) << "nobody tried";
}

}  // namespace
}  // namespace baton
