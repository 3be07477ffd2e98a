// Certificates of real TLS servers, some days before they end.
#include <gtest/gtest.h>

#include "common/config/sections/precheck.h"
#include "common/io/tls_certificate.h"
#include "tests/precheck/scene.h"
#include "tests/support/background.h"
#include "tests/support/http_server.h"
#include "tools/precheck/tls_endpoints.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

/// A server whose authority the whole process trusts while this lives.
class Trusted {
 public:
  explicit Trusted(const test::Subject& subject = {}, bool is_trusted = true)
      : identity_(authority_.issue(subject)),
        server_([](const test::Received&) { return test::Answer{}; }, {.identity = identity_}) {
    write_file(folder_.path() / "ca.pem",
               is_trusted ? authority_.certificate_pem() : test::Authority().certificate_pem());
    setenv("SSL_CERT_FILE", (folder_.path() / "ca.pem").c_str(), 1);
  }
  ~Trusted() { unsetenv("SSL_CERT_FILE"); }
  Trusted(const Trusted&) = delete;
  Trusted& operator=(const Trusted&) = delete;

  Time end() const { return *certificate_end(identity_.certificate_pem); }
  std::string place(const std::string& host = "localhost") const { return host + ":" + std::to_string(server_.port()); }
  /// As seen `left` before the certificate ends.
  Finding seen(Duration left, const std::string& more = "", const std::string& host = "localhost") const {
    EnvScene scene("precheck: {security: {tls: ['" + place(host) + "']" + more + "}}");
    scene.clock.advance(end() - left - scene.clock.now());
    return look_at(scene, "certificates");
  }

 private:
  TempFolder folder_;
  test::Authority authority_;
  test::Identity identity_;
  test::HttpServer server_;
};

constexpr Duration kDay = 24h;

TEST(CertificatesCheck, PassesAndSaysUntilWhen) {
  const Trusted server;
  const auto finding = server.seen(25 * kDay);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "valid until " + to_date(server.end()) + " (1 endpoint)");
  EXPECT_EQ(finding.observed, Measured(25, "days"));
  EXPECT_TRUE(finding.critical);
}

TEST(CertificatesCheck, FailsUnder15DaysAndWarnsUnder20) {
  const Trusted server;
  EXPECT_EQ(server.seen(20 * kDay).outcome, Outcome::pass);
  EXPECT_EQ(server.seen(20 * kDay - 1ms).outcome, Outcome::warn);
  EXPECT_EQ(server.seen(15 * kDay).outcome, Outcome::warn);
  EXPECT_EQ(server.seen(15 * kDay - 1ms).outcome, Outcome::fail);
  EXPECT_EQ(server.seen(14 * kDay + 23h + 45min).outcome, Outcome::fail) << "14.99 days";
}

TEST(CertificatesCheck, TheLimitIsAKey) {
  const Trusted server;
  EXPECT_EQ(server.seen(10 * kDay, ", tls_days: 5").outcome, Outcome::pass);
  EXPECT_EQ(server.seen(9 * kDay, ", tls_days: 5").outcome, Outcome::warn);
  EXPECT_EQ(server.seen(4 * kDay, ", tls_days: 5").outcome, Outcome::fail);
}

TEST(CertificatesCheck, FailsOnAnExpiredOne) {
  const Trusted server;
  const auto finding = server.seen(-1h);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("certificate has expired"), std::string::npos) << finding.message;
}

TEST(CertificatesCheck, FailsOnOneThatIsNotYetValid) {
  const Trusted server({.from_days = 10, .until_days = 90});
  const auto finding = server.seen(85 * kDay);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("not yet valid"), std::string::npos) << finding.message;
}

TEST(CertificatesCheck, FailsOnAnotherNameAndSaysWhichItHas) {
  const Trusted server({.names = {"DNS:other.example.com", "IP:10.1.2.3"}});
  const auto finding = server.seen(25 * kDay);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("for 'other.example.com', '10.1.2.3'"), std::string::npos) << finding.message;
}

TEST(CertificatesCheck, AnAddressIsANameToo) {
  const Trusted server;
  EXPECT_EQ(server.seen(25 * kDay, "", "127.0.0.1").outcome, Outcome::pass);
}

TEST(CertificatesCheck, FailsOnAnAuthorityThatNobodyTrusts) {
  const Trusted server({}, /*is_trusted=*/false);
  const auto finding = server.seen(25 * kDay);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("localhost"), std::string::npos) << finding.message;
}

TEST(CertificatesCheck, TheAuthoritysEndCountsToo) {
  const Trusted server({.until_days = 20'000});
  const auto finding = server.seen(16'000 * kDay);
  EXPECT_NE(finding.outcome, Outcome::pass) << finding.message;
}

TEST(CertificatesCheck, IsUnknownWhenNobodyAnswersOrNobodySpeaksTls) {
  const test::HttpServer plain([](const test::Received&) { return test::Answer{}; });
  for (const auto port : {test::free_port(), plain.port()}) {
    EnvScene scene("precheck: {security: {tls: ['127.0.0.1:" + std::to_string(port) + "']}}");
    const auto finding = look_at(scene, "certificates");
    EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
    EXPECT_NE(finding.message.find("cannot reach 'https://127.0.0.1:"), std::string::npos) << finding.message;
  }
}

TEST(CertificatesCheck, OneThatEndsOutweighsOneThatCannotBeAsked) {
  const Trusted server;
  const auto more = "127.0.0.1:" + std::to_string(test::free_port());
  EnvScene scene("precheck: {security: {tls: ['" + more + "', '" + server.place() + "']}}");
  scene.clock.advance(server.end() - 3 * kDay - scene.clock.now());
  EXPECT_EQ(look_at(scene, "certificates").outcome, Outcome::fail);
  scene.clock.advance(-20 * kDay);
  EXPECT_EQ(look_at(scene, "certificates").outcome, Outcome::unknown);
}

TEST(CertificatesCheck, IsUnknownWithoutAnyEndpoint) {
  EnvScene scene("switch: {public: ['http://127.0.0.1:1/health']}");
  const auto finding = look_at(scene, "certificates");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("not configured: precheck.security.tls"), std::string::npos);
}

TEST(TlsEndpoints, AreThoseOfTheKeyAndOfOurOwnUrlsEachOnce) {
  EnvScene scene(
      "switch: {public: ['https://api.example.com/health', 'http://plain.example.com/']}\n"
      "precheck: {security: {tls: ['api.example.com:443', '[::1]:8443', 'db.example.com:6380']},\n"
      "  staging: {url: 'https://staging.example.com:444'}}");
  std::vector<std::string> all;
  for (const auto& endpoint : tls_endpoints(scene.loaded.values)) all.push_back(endpoint.text());
  EXPECT_EQ(all, (std::vector<std::string>{"api.example.com:443", "[::1]:8443", "db.example.com:6380",
                                           "staging.example.com:444"}));
}

TEST(TlsEndpoints, RefuseWhatIsNoHostAndPort) {
  for (const auto* text : {"https://h", "h/x", "", "h:x", "u@h:1", "h:99999"}) {
    Config config;
    config.precheck().security.tls = {text};
    EXPECT_THROW(tls_endpoints(config), Error) << text;
  }
}

}  // namespace
}  // namespace baton::precheck
