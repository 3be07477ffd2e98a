// Secrets in use come back in no form, whoever echoes them.
#include "common/core/secrets.h"

#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/core/printable.h"

namespace baton {
namespace {

TEST(SecretsTest, AreLeftOutInEveryFormInWhichTheyComeBack) {
  keep_secret("one/two+\"three\"");
  EXPECT_EQ(without_secrets("a one/two+\"three\" b"), "a *** b");
  EXPECT_EQ(without_secrets("?t=one%2Ftwo%2B%22three%22&u"), "?t=***&u");
  EXPECT_EQ(without_secrets(to_base64("one/two+\"three\"")), "***");
  EXPECT_EQ(without_secrets(R"({"t":"one/two+\"three\""})"), R"({"t":"***"})");
  EXPECT_EQ(without_secrets("one/two"), "one/two") << "a part of it is none";
}

TEST(SecretsTest, AreKeptFromSixBytesOn) {
  keep_secret("f5f5f");
  EXPECT_EQ(without_secrets("f5f5f"), "f5f5f");
  keep_secret("s6s6s6");
  EXPECT_EQ(without_secrets("s6s6s6"), "***");
}

TEST(SecretsTest, TheLongerOneGoesAsAWhole) {
  keep_secret("inner-secret");
  keep_secret("outer-inner-secret-outer");
  EXPECT_EQ(without_secrets("outer-inner-secret-outer inner-secret"), "*** ***");
}

TEST(SecretsTest, AnAuthorizationIsKnownByAllItsParts) {
  keep_authorization("Bearer BEARER-TOKEN-1");
  EXPECT_EQ(without_secrets("'Authorization': 'Bearer BEARER-TOKEN-1'"), "'Authorization': 'Bearer ***'");
  keep_authorization("Basic " + to_base64("robot:s3cr3t-pw"));
  EXPECT_EQ(without_secrets("Basic " + to_base64("robot:s3cr3t-pw")), "Basic ***");
  EXPECT_EQ(without_secrets("no s3cr3t-pw here, robot"), "no *** here, robot");
  keep_authorization("Basic " + to_base64("lone-token:"));
  EXPECT_EQ(without_secrets("lone-token"), "***");
  keep_authorization("Basic !not-base64!");
  EXPECT_EQ(without_secrets("Basic !not-base64!"), "Basic ***");
  keep_authorization("");
}

TEST(SecretsTest, ForeignTextIsPrintedWithoutThemAlsoWhereItIsCut) {
  keep_secret("cut-me-in-two");
  EXPECT_EQ(printable("x cut-me-in-two y"), "x *** y");
  EXPECT_EQ(printable("x cut-me-in-two y", 6), "x *** …");
}

}  // namespace
}  // namespace baton
