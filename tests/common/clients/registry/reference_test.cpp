// Image names as Docker reads them, and the headers by which a registry asks for a login.
#include <gtest/gtest.h>

#include "common/clients/registry/auth.h"
#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton::registry {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

struct Named {
  std::string image;
  std::string host;
  std::string repository;
  std::string tag;
  std::string digest = {};
};
class ReferenceTest : public testing::TestWithParam<Named> {};
TEST_P(ReferenceTest, IsReadAsDockerReadsIt) {
  const Reference reference = parse_reference(GetParam().image);
  EXPECT_EQ(reference.host, GetParam().host);
  EXPECT_EQ(reference.repository, GetParam().repository);
  EXPECT_EQ(reference.tag, GetParam().tag);
  EXPECT_EQ(reference.digest, GetParam().digest);
}
INSTANTIATE_TEST_SUITE_P(Names, ReferenceTest,
                         testing::Values(Named{"nginx", "registry-1.docker.io", "library/nginx", "latest"},
                                         Named{"team/app:v1", "registry-1.docker.io", "team/app", "v1"},
                                         Named{"docker.io/nginx:1", "registry-1.docker.io", "library/nginx", "1"},
                                         Named{"index.docker.io/a/b", "registry-1.docker.io", "a/b", "latest"},
                                         Named{"registry.example.com/myapp:v1.6.0", "registry.example.com", "myapp",
                                               "v1.6.0"},
                                         Named{"localhost/app", "localhost", "app", "latest"},
                                         Named{"127.0.0.1:5000/a/b/c:x", "127.0.0.1:5000", "a/b/c", "x"},
                                         Named{"[::1]:5000/app:x", "[::1]:5000", "app", "x"},
                                         Named{"h:1/app@" + kDigest, "h:1", "app", "", kDigest},
                                         Named{"h:1/app:v1@" + kDigest, "h:1", "app", "v1", kDigest}));

class BadReferenceTest : public testing::TestWithParam<std::string> {};
TEST_P(BadReferenceTest, IsAUsageError) {
  EXPECT_EQ(test::error_of([] { return parse_reference(GetParam()); }).code(), ExitCode::usage);
}
INSTANTIATE_TEST_SUITE_P(Names, BadReferenceTest,
                         testing::Values("", "App", "h:1/", "h:1/App", "h:1/a//b", "h:1/a/../b", "a:", "a:-x", "a b",
                                         "h:1/a:b:c", "a@", "a@sha256:abc", "a@md5:" + std::string(64, 'a'),
                                         "http://h/a", "h:1/a:" + std::string(129, 'x'), "-a", "h/?x"));

TEST(LoopbackTest, KnowsTheNamesOfThisMachine) {
  for (const char* host : {"localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:5000", "[::1]:5000"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host : {"localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "[::2]:5000", "1270.0.0.1"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

TEST(ChallengeTest, ReadsSeveralSchemesInAnyOrder) {
  const auto challenges = parse_challenges(
      R"(Basic realm="a \"b\", c" , Bearer scope="repository:x:pull,push",service=reg,REALM="https://t/")");
  ASSERT_EQ(challenges.size(), 2U);
  EXPECT_EQ(challenges[0].scheme, "basic");
  EXPECT_EQ(challenges[0].parameters.at("realm"), R"(a "b", c)");
  EXPECT_EQ(challenges[1].scheme, "bearer");
  EXPECT_EQ(challenges[1].parameters.at("realm"), "https://t/");
  EXPECT_EQ(challenges[1].parameters.at("service"), "reg");
  EXPECT_EQ(challenges[1].parameters.at("scope"), "repository:x:pull,push");
}

TEST(ChallengeTest, ReadsPastATokenThatIsNoParameter) {
  for (const auto* header :
       {R"(Negotiate YIIabc==, Bearer realm="https://t/")", R"(Negotiate, Bearer realm="https://t/")",
        R"(Negotiate YIIabc=,Bearer realm = "https://t/")"}) {
    const auto challenges = parse_challenges(header);
    ASSERT_EQ(challenges.size(), 2U) << header;
    EXPECT_EQ(challenges[1].scheme, "bearer");
    EXPECT_EQ(challenges[1].parameters.at("realm"), "https://t/") << header;
  }
}

TEST(ChallengeTest, EndsAtWhatItCannotRead) {
  EXPECT_TRUE(parse_challenges("").empty());
  EXPECT_TRUE(parse_challenges(" , ,").empty());
  EXPECT_TRUE(parse_challenges("=x").empty());
  EXPECT_TRUE(parse_challenges("a=b").empty());
  EXPECT_EQ(parse_challenges(R"(Bearer realm="open)").size(), 1U);
}

}  // namespace
}  // namespace baton::registry
