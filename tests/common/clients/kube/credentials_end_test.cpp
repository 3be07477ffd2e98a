// How long tokens and client certificates last.
#include "common/clients/kube/credentials_end.h"

#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/io/tls_certificate.h"
#include "tests/support/certificates.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

std::string token_with(const std::string& claims) { return "e30." + to_base64(claims) + ".c2ln"; }

TEST(CredentialsEndTest, IsWhatTheTokenSays) {
  EXPECT_EQ(end_of({.token = token_with(R"({"exp":1772366400})")}), parse_rfc3339("2026-03-01T12:00:00Z"));
}

TEST(CredentialsEndTest, CannotBeToldOfOtherTokens) {
  for (const auto* claims : {"{}", R"({"exp":"soon"})", R"({"exp":-1})", R"({"exp":99999999999999})", "no JSON"})
    EXPECT_EQ(end_of({.token = token_with(claims)}), std::nullopt) << claims;
  for (const auto* token : {"opaque", "a.b", "a.!.c", "..", "a.b.c.d"})
    EXPECT_EQ(end_of({.token = token}), std::nullopt) << token;
  EXPECT_EQ(end_of({}), std::nullopt);
}

TEST(CredentialsEndTest, IsNoneOfWhatIsRenewed) {
  const auto token = token_with(R"({"exp":1772366400})");
  EXPECT_EQ(end_of({.token = token, .token_file = "/token"}), std::nullopt);
  EXPECT_EQ(end_of({.token = token, .exec = ExecPlugin{}}), std::nullopt);
}

TEST(CredentialsEndTest, IsTheClientCertificatesWhereThereIsNoToken) {
  const test::Authority authority;
  const auto identity = authority.issue({.until_days = 2});
  const auto end = end_of({.certificate_pem = identity.certificate_pem});
  ASSERT_TRUE(end);
  const auto left = *end - SystemClock().now();
  EXPECT_LT(left, 48h + 1min);
  EXPECT_GT(left, 48h - 10min);
}

TEST(CertificateEndTest, IsNoneOfWhatIsNoCertificate) {
  EXPECT_EQ(certificate_end(""), std::nullopt);
  EXPECT_EQ(certificate_end("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), std::nullopt);
}

}  // namespace
}  // namespace baton::kube
