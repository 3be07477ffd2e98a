// Who is on the other side: chain, name, protocol, client certificates.
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <array>

#include "common/io/files.h"
#include "common/io/tls_context.h"
#include "tests/common/io/http/scene.h"
#include "tests/support/relay.h"

namespace baton {
namespace {

class HttpTlsTest : public HttpTest {
 protected:
  HttpServer serve(const test::Subject& subject, Answer answer = {.body = "ok"}) {
    return HttpServer(always(answer), {.identity = authority_.issue(subject)});
  }
  HttpSettings trusting() const { return {.attempts = 1, .tls = {.ca_pem = authority_.certificate_pem()}}; }
  std::string refusal_of(const std::string& url) { return refusal_of(url, trusting()); }
  std::string refusal_of(const std::string& url, const HttpSettings& settings) {
    const Error error = error_of([&] { client(settings).send({.url = url}); });
    EXPECT_EQ(error.code(), ExitCode::unknown);
    return error.what();
  }
  HttpResponse get(const std::string& url) { return client(trusting()).send({.url = url}); }

  test::Authority authority_;
};

TEST_F(HttpTlsTest, VerifiesNamesAndAddresses) {
  HttpServer server = serve({});
  EXPECT_EQ(get(server.url("localhost")).body, "ok");
  EXPECT_EQ(get(server.url("LOCALHOST")).body, "ok");
  EXPECT_EQ(get(server.url()).body, "ok");
  EXPECT_EQ(server.received().at(0).server_name, "localhost");
}

TEST_F(HttpTlsTest, SaysNoAddressAsServerName) {
  HttpServer server = serve({});
  get(server.url());
  EXPECT_EQ(server.received().at(0).server_name, "");
}

TEST_F(HttpTlsTest, RefusesAnotherNameAlsoOnLoopback) {
  // localhost resolves to loopback, where Poco does not check names.
  HttpServer server = serve({.names = {"DNS:other.example"}});
  const std::string message = refusal_of(server.url("localhost"));
  EXPECT_TRUE(says(message, "its certificate is refused for 'localhost': hostname mismatch")) << message;
  EXPECT_TRUE(says(refusal_of(server.url()), "IP address mismatch"));
  EXPECT_TRUE(server.received().empty());
}

TEST_F(HttpTlsTest, ACertificateWithoutHostNamesIsForNone) {
  HttpServer server = serve({.names = {}, .common_name = "localhost"});
  EXPECT_TRUE(says(refusal_of(server.url("localhost")), "hostname mismatch"));
  EXPECT_TRUE(server.received().empty());
}

TEST_F(HttpTlsTest, RefusesAnotherNameAlsoWhenTheHandshakeOutlastsTheConnectTimeout) {
  HttpServer server = serve({.names = {"DNS:other.example"}});
  test::Relay relay({.port = server.port(), .delay = 400ms});
  HttpSettings settings = trusting();
  settings.connect_timeout = 100ms;
  EXPECT_TRUE(says(refusal_of("https://localhost:" + std::to_string(relay.port()), settings), "hostname mismatch"));
  EXPECT_TRUE(server.received().empty());
}

TEST_F(HttpTlsTest, ALateHandshakeIsStillAGoodOne) {
  HttpServer server = serve({});
  test::Relay relay({.port = server.port(), .delay = 200ms});
  HttpSettings settings = trusting();
  settings.connect_timeout = 100ms;
  EXPECT_EQ(client(settings).send({.url = "https://localhost:" + std::to_string(relay.port())}).body, "ok");
}

TEST_F(HttpTlsTest, ChecksTheConfiguredNameInstead) {
  HttpServer server = serve({.names = {"DNS:api.internal"}});
  HttpSettings settings = trusting();
  settings.tls.server_name = "api.internal.";
  EXPECT_EQ(client(settings).send({.url = server.url()}).body, "ok");
  settings.tls.server_name = "other.internal";
  EXPECT_TRUE(says(refusal_of(server.url(), settings), "refused for 'other.internal': hostname mismatch"));
  // OpenSSL checks nothing when it is given an empty name.
  settings.tls.server_name = ".";
  EXPECT_EQ(error_of([&] { client(settings).send({.url = server.url()}); }).code(), ExitCode::usage);
}

TEST_F(HttpTlsTest, RefusesAnotherAuthority) {
  HttpServer server = serve({});
  const test::Authority other;
  const HttpSettings settings{.attempts = 3, .tls = {.ca_pem = other.certificate_pem()}};
  const Error error = error_of([&] { client(settings).send({.url = server.url()}); });
  EXPECT_TRUE(says(error.what(), "unable to get local issuer certificate") || says(error.what(), "signature"))
      << error.what();
  EXPECT_TRUE(says(error.hint(), "Name the CA that signed it")) << error.hint();
  EXPECT_EQ(server.connections(), 1) << "another attempt meets the same certificate";
  EXPECT_TRUE(says(refusal_of(server.url(), {.attempts = 1}), "unable to get local issuer certificate"));
}

TEST_F(HttpTlsTest, RefusesCertificatesOutsideTheirTime) {
  HttpServer old = serve({.from_days = -10, .until_days = -1});
  HttpServer early = serve({.from_days = 1, .until_days = 10});
  EXPECT_TRUE(says(refusal_of(old.url()), "certificate has expired"));
  EXPECT_TRUE(says(refusal_of(early.url()), "certificate is not yet valid"));
}

TEST_F(HttpTlsTest, InsecureMustBeAskedFor) {
  HttpServer server = serve({.names = {"DNS:other.example"}, .until_days = 5});
  EXPECT_EQ(client({.attempts = 1, .tls = {.insecure = true}}).send({.url = server.url()}).body, "ok");
}

TEST_F(HttpTlsTest, RefusesTls11) {
  HttpServer server(always({}), {.identity = authority_.issue(), .is_old = true});
  EXPECT_TRUE(says(refusal_of(server.url()), "TLS failed"));
  const auto context = make_tls_context(trusting().tls, "localhost");
  EXPECT_GE(SSL_CTX_get_min_proto_version(context->sslContext()), TLS1_2_VERSION);
}

TEST_F(HttpTlsTest, ShowsItsClientCertificate) {
  HttpServer server(always({.body = "ok"}),
                    {.identity = authority_.issue(), .client_ca = authority_.certificate_pem()});
  const test::Identity own = authority_.issue({.names = {"DNS:pipeline"}});
  HttpSettings settings = trusting();
  settings.tls.certificate_pem = own.certificate_pem;
  settings.tls.key_pem = own.key_pem;
  EXPECT_EQ(client(settings).send({.url = server.url()}).body, "ok");
  const std::string message = refusal_of(server.url());
  EXPECT_TRUE(says(message, "certificate required") || says(message, "reset")) << message;
}

TEST_F(HttpTlsTest, RefusesUnusableMaterial) {
  const test::Identity one = authority_.issue();
  const test::Identity other = authority_.issue();
  const std::vector<TlsSettings> bad = {
      {.ca_pem = "no PEM"},
      {.ca_file = "/nonexistent/ca.pem"},
      {.certificate_pem = one.certificate_pem, .key_pem = other.key_pem},
      {.certificate_pem = one.certificate_pem},
      {.certificate_pem = "no PEM", .key_pem = one.key_pem},
  };
  for (const TlsSettings& tls : bad) EXPECT_THROW(make_tls_context(tls, "h"), Error);
  EXPECT_EQ(error_of([&] { make_tls_context(bad[1], "h"); }).code(), ExitCode::usage);
}

TEST_F(HttpTlsTest, NeverAsksATerminalForAPassPhrase) {
  const test::Identity own = authority_.issue();
  BIO* in = BIO_new_mem_buf(own.key_pem.data(), static_cast<int>(own.key_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  BIO* out = BIO_new(BIO_s_mem());
  char phrase[] = "phrase";
  PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), phrase, sizeof phrase - 1, nullptr, nullptr);
  char* bytes = nullptr;
  const auto length = static_cast<std::size_t>(BIO_get_mem_data(out, &bytes));
  const TlsSettings tls{.certificate_pem = own.certificate_pem, .key_pem = std::string(bytes, length)};
  BIO_free(in);
  BIO_free(out);
  EVP_PKEY_free(key);
  // Whoever asks finds the right answer on the standard input, where there is no terminal.
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "phrase\n", 7), 7);
  const int input = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  EXPECT_TRUE(says(error_of([&] { make_tls_context(tls, "h"); }).hint(), "without a pass phrase"));
  ::dup2(input, STDIN_FILENO);
  for (const int end : {input, ends[0], ends[1]}) ::close(end);
}

TEST_F(HttpTlsTest, ReadsTheCaFromAFile) {
  HttpServer server = serve({});
  const TempFolder folder;
  write_file(folder.path() / "ca.pem", authority_.certificate_pem());
  EXPECT_EQ(client({.tls = {.ca_file = folder.path() / "ca.pem"}}).send({.url = server.url()}).body, "ok");
}

TEST_F(HttpTlsTest, KeepsWhatCameBeforeACloseWithoutGoodbye) {
  // The server closes TCP without TLS's close_notify, as many do.
  HttpServer whole = serve({}, {.body = "all of it", .frame = Answer::Frame::until_close});
  EXPECT_EQ(get(whole.url()).body, "all of it");
}

TEST_F(HttpTlsTest, RefusesTruncatedBodies) {
  HttpServer sized = serve({}, {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .is_last = true});
  HttpServer chunked =
      serve({}, {.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", .is_last = true});
  EXPECT_TRUE(says(refusal_of(sized.url()), "ended before its announced length"));
  EXPECT_TRUE(says(refusal_of(chunked.url()), "ended before its announced length"));
}

TEST_F(HttpTlsTest, KeepsConnections) {
  HttpServer server = serve({});
  HttpClient http = client(trusting());
  for (int i = 0; i < 3; ++i) http.send({.url = server.url()});
  EXPECT_EQ(server.connections(), 1);
  server.close_connections();
  EXPECT_EQ(http.send({.url = server.url()}).body, "ok");
}

TEST_F(HttpTlsTest, AnErrorOfSomebodyElseIsNotOurs) {
  HttpServer server(
      [](const Received& received) -> Answer {
        if (received.target == "/first") return {.body = "ok"};
        return {.body = "all of it", .frame = Answer::Frame::until_close};
      },
      {.identity = authority_.issue()});
  HttpClient http = client(trusting());
  http.send({.url = server.url() + "/first"});
  // Leaves an error in this thread's queue of OpenSSL, while the connection is kept.
  BIO* bio = BIO_new_mem_buf("no PEM", 6);
  EXPECT_EQ(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), nullptr);
  BIO_free(bio);
  EXPECT_EQ(http.send({.url = server.url() + "/second"}).body, "all of it");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpTlsTest, SaysThatThePortSpeaksNoTls) {
  HttpServer plain(always({}), {.greeting = "220 mail.example ESMTP\r\n"});
  EXPECT_TRUE(says(refusal_of("https" + plain.url().substr(4)), "TLS failed: wrong version number"));
}

TEST(TlsTest, FindsTheSystemsBundle) {
  const std::string before = std::getenv("SSL_CERT_FILE") == nullptr ? "" : std::getenv("SSL_CERT_FILE");
  ::setenv("SSL_CERT_FILE", "/some/where.pem", 1);
  EXPECT_EQ(system_ca_file(), "/some/where.pem");
  ::setenv("SSL_CERT_FILE", "", 1);
  EXPECT_EQ(system_ca_file(), "/etc/ssl/certs/ca-certificates.crt");
  before.empty() ? ::unsetenv("SSL_CERT_FILE") : ::setenv("SSL_CERT_FILE", before.c_str(), 1);
}

}  // namespace
}  // namespace baton
