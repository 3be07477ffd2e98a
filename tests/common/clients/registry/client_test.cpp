// Tags resolved by a real registry, and by one that does not speak the truth.
#include "common/clients/registry/client.h"

#include <gtest/gtest.h>

#include "common/clients/registry/auth.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/common/clients/registry/server.h"
#include "tests/support/background.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::registry {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

class RegistryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    open_ = std::make_unique<RegistryServer>(/*wants_login=*/false);
    locked_ = std::make_unique<RegistryServer>(/*wants_login=*/true);
  }
  static void TearDownTestSuite() {
    open_.reset();
    locked_.reset();
  }

  Environment environment() { return Environment({{"DOCKER_CONFIG", folder_.path().string()}}); }
  std::optional<Manifest> resolve(const std::string& image) {
    return Client(HttpClient({.attempts = 1}, Environment{}, clock_), environment(), /*plain_http=*/false)
        .resolve(parse_reference(image));
  }
  /// "PLATFORM MANIFEST CONFIG" of each.
  std::vector<std::string> platforms(const std::string& image) {
    std::vector<std::string> all;
    for (const auto& each : Client(HttpClient({.attempts = 1}, Environment{}, clock_), environment(),
                                   /*plain_http=*/false)
                                .images(parse_reference(image)))
      all.push_back(each.platform + " " + each.digest + " " + each.config.digest);
    return all;
  }
  std::string reason_of(const std::string& image) {
    return test::refusal_and_hint(ExitCode::unknown, [&] { return resolve(image); });
  }
  void log_in(const std::string& host, const std::string& user_and_password) {
    write_file(folder_.path() / "config.json",
               R"({"auths":{"https://)" + host + R"(/v2/":{"auth":")" + to_base64(user_and_password) + R"("}}})");
  }

  static std::unique_ptr<RegistryServer> open_;
  static std::unique_ptr<RegistryServer> locked_;
  TempFolder folder_;
  SystemClock clock_;
};
std::unique_ptr<RegistryServer> RegistryTest::open_;
std::unique_ptr<RegistryServer> RegistryTest::locked_;

TEST_F(RegistryTest, ATagIsTheDigestOfTheManifestsBytes) {
  const std::string digest = open_->push_image("v1", std::string(1000, 'l'), "linux");
  const auto manifest = resolve(open_->host() + "/team/app:v1");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->digest, digest);
  EXPECT_EQ(manifest->media_type, kImageType);
  EXPECT_EQ(manifest->compressed_bytes, 1000);
}

TEST_F(RegistryTest, AnIndexIsItsOwnDigestAndOurPlatformsSize) {
  const auto entry = [](const std::string& digest, const char* os, const char* architecture) {
    return Json::object({{"mediaType", kImageType},
                         {"digest", digest},
                         {"size", 1},
                         {"platform", Json::object({{"os", os}, {"architecture", architecture}})}});
  };
  const std::string attestation = open_->push_image("t1", "a", "unknown");
  const std::string arm = open_->push_image("t2", std::string(20, 'b'), "linux");
  const std::string amd = open_->push_image("t3", std::string(300, 'c'), "linux");
  const auto push_index = [&](const std::string& tag, Json entries) {
    const Json index =
        Json::object({{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", std::move(entries)}});
    return open_->push_manifest(tag, to_text(index), kIndexType);
  };
  const std::string all = push_index("all", Json::array({entry(attestation, "unknown", "unknown"),
                                                         entry(arm, "linux", "arm64"), entry(amd, "linux", "amd64")}));
  push_index("arm", Json::array({entry(attestation, "unknown", "unknown"), entry(arm, "linux", "arm64")}));

  const auto manifest = resolve(open_->host() + "/team/app:all");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->digest, all);
  EXPECT_EQ(manifest->media_type, kIndexType);
  EXPECT_EQ(manifest->compressed_bytes, 300);
  EXPECT_EQ(resolve(open_->host() + "/team/app:arm")->compressed_bytes, 20);
  const auto config = " sha256:" + sha256_hex(R"({"architecture":"amd64","os":"linux"})");
  EXPECT_EQ(platforms(open_->host() + "/team/app:all"),
            (std::vector{"linux/arm64 " + arm + config, "linux/amd64 " + amd + config}));
  EXPECT_EQ(platforms(open_->host() + "/team/app:t3"), (std::vector{" " + amd + config}));
  EXPECT_THROW(platforms(open_->host() + "/team/app:absent"), Error);
}

TEST_F(RegistryTest, ADigestIsFoundAsWell) {
  const std::string digest = open_->push_image("v2", "layer", "linux");
  EXPECT_EQ(resolve(open_->host() + "/team/app@" + digest)->digest, digest);
  EXPECT_EQ(resolve(open_->host() + "/team/app:gone@" + digest)->digest, digest);
}

TEST_F(RegistryTest, AnAbsentTagOrRepositoryIsNothing) {
  open_->push_image("v3", "layer", "linux");
  EXPECT_FALSE(resolve(open_->host() + "/team/app:absent"));
  EXPECT_FALSE(resolve(open_->host() + "/team/nobody:v1"));
  EXPECT_FALSE(resolve(open_->host() + "/team/app@" + kDigest));
}

TEST_F(RegistryTest, AnUnreachableRegistryIsUnknown) {
  EXPECT_NE(reason_of("127.0.0.1:" + std::to_string(test::free_port()) + "/a:b").find("cannot reach"),
            std::string::npos);
}

TEST_F(RegistryTest, ALoginFromTheDockerConfigIsUsed) {
  const std::string digest = locked_->push_image("v1", "layer", "linux");
  log_in(locked_->host(), "ci:opensesame");
  EXPECT_EQ(resolve(locked_->host() + "/team/app:v1")->digest, digest);
}

TEST_F(RegistryTest, AWrongOrMissingLoginIsUnknownAndSaysWhatToDo) {
  EXPECT_NE(reason_of(locked_->host() + "/team/app:v1").find("docker login"), std::string::npos);
  log_in(locked_->host(), "ci:swordfish");
  const std::string reason = reason_of(locked_->host() + "/team/app:v1");
  EXPECT_NE(reason.find("status 401"), std::string::npos);
  EXPECT_EQ(reason.find("swordfish"), std::string::npos);
}

TEST_F(RegistryTest, ABrokenDockerConfigIsNamed) {
  write_file(folder_.path() / "config.json", "{");
  EXPECT_NE(reason_of(locked_->host() + "/team/app:v1").find("config.json"), std::string::npos);
}

TEST_F(RegistryTest, TheLongestKeyOfTheDockerConfigWins) {
  write_file(folder_.path() / "config.json", R"({"auths":{
    "h:1/team":{"auth":")" + to_base64("team:x") +
                                                 R"("},
    "h:1":{"auth":")" + to_base64("host:x") + R"("},
    "h:1/el":{"auth":")" + to_base64("other:x") + R"("},
    "https://index.docker.io/v1/":{"auth":")" + to_base64("hub:x") +
                                                 R"("}}})");
  EXPECT_EQ(find_login(environment(), parse_reference("h:1/team/app"))->basic, "team:x");
  EXPECT_EQ(find_login(environment(), parse_reference("h:1/else"))->basic, "host:x");
  EXPECT_EQ(find_login(environment(), parse_reference("nginx"))->basic, "hub:x");
  EXPECT_FALSE(find_login(environment(), parse_reference("h:2/app")));
}

/// A registry that wants tokens, its token service beside it.
class TokenTest : public RegistryTest {
 protected:
  test::Answer answer(const test::Received& asked) {
    if (asked.target.starts_with("/token")) return token_;
    if (asked.header("Authorization") != "Bearer t1") {
      return {.status = 401,
              .headers = {{"WWW-Authenticate",
                           "Bearer realm=\"" + script_.url() + "/token\",service=\"reg\",scope=\"" + scope_ + "\""}}};
    }
    return {.headers = {{"Content-Type", std::string(kImageType)}, {"Docker-Content-Digest", announced_}},
            .body = manifest_};
  }
  std::string image(const std::string& suffix = ":v1") { return script_.url().substr(7) + "/team/app" + suffix; }

  std::string manifest_ = R"({"schemaVersion":2,"layers":[{"size":40},{"size":2}]})";
  std::string announced_ = "sha256:" + sha256_hex(manifest_);
  std::string scope_ = "x";
  test::Answer token_{.body = R"({"access_token":"t1"})"};
  test::HttpServer script_{[this](const test::Received& asked) { return answer(asked); }};
};

TEST_F(TokenTest, AnAnonymousTokenIsAskedForAndUsed) {
  const auto manifest = resolve(image());
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->digest, announced_);
  EXPECT_EQ(manifest->compressed_bytes, 42);
  const auto asked = script_.received();
  ASSERT_EQ(asked.size(), 3U);
  for (const char* type : {"vnd.oci.image.index.v1", "vnd.oci.image.manifest.v1", "manifest.list.v2", "manifest.v2"}) {
    EXPECT_NE(asked[0].header("Accept").find(type), std::string::npos) << type;
  }
  EXPECT_EQ(asked[1].target, "/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull");
  EXPECT_EQ(asked[1].header("Authorization"), "");
}

TEST_F(TokenTest, TheScopeThatTheRegistryNamesIsAskedForToo) {
  scope_ = "repository:library/app:pull";
  EXPECT_TRUE(resolve(image()));
  scope_ = "repository:team/app:pull";
  EXPECT_TRUE(resolve(image()));
  const auto asked = script_.received();
  const std::string own = "/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull";
  EXPECT_EQ(asked.at(1).target, own + "&scope=repository%3Alibrary%2Fapp%3Apull");
  EXPECT_EQ(asked.at(4).target, own) << "once is enough";
}

TEST_F(TokenTest, ALoginIsExchangedForTheToken) {
  log_in(script_.url().substr(7), "ci:opensesame");
  EXPECT_TRUE(resolve(image()));
  EXPECT_EQ(script_.received().at(1).header("Authorization"), RegistryServer::basic());
}

TEST_F(TokenTest, AnIdentityTokenIsExchangedByAForm) {
  write_file(folder_.path() / "config.json",
             R"({"auths":{")" + script_.url().substr(7) + R"(":{"identitytoken":"id&1"}}})");
  EXPECT_TRUE(resolve(image()));
  EXPECT_EQ(script_.received().at(1).method, "POST");
  EXPECT_NE(script_.received().at(1).body.find("refresh_token=id%261"), std::string::npos);
}

TEST_F(TokenTest, ATokenServiceWithoutTlsGetsNoPassword) {
  const Reference reference = parse_reference("registry.example.com/team/app:v1");
  const std::vector<Challenge> challenges{{.scheme = "bearer", .parameters = {{"realm", script_.url() + "/token"}}}};
  HttpClient http({}, Environment{}, clock_);
  for (const Login& login : {Login{.basic = "ci:opensesame"}, Login{.identity_token = "opensesame"}}) {
    EXPECT_EQ(authorize(http, challenges, reference, login, /*is_plain=*/false, {}), "Bearer t1");
  }
  for (const test::Received& asked : script_.received()) {
    EXPECT_EQ(asked.method, "GET");
    EXPECT_EQ(asked.header("Authorization"), "");
  }
}

TEST_F(TokenTest, APlainRegistryCannotSendALoginToAnotherHost) {
  HttpClient http({}, Environment{}, clock_);
  const Login login{.basic = "ci:opensesame"};
  const auto ask = [&](const std::string& image) {
    const std::vector<Challenge> challenges{{.scheme = "bearer", .parameters = {{"realm", script_.url() + "/token"}}}};
    authorize(http, challenges, parse_reference(image), login, /*is_plain=*/true, {});
    return script_.received().back().header("Authorization");
  };
  EXPECT_EQ(ask("127.0.0.1:1/team/app:v1"), "");
  EXPECT_EQ(ask(image()), RegistryServer::basic());
}

TEST_F(TokenTest, ARealmThatIsNoUrlIsUnknown) {
  HttpClient http({}, Environment{}, clock_);
  for (const auto* realm : {"", "/", "/token", "token", "ftp://h/x", "http://"}) {
    const std::vector<Challenge> challenges{{.scheme = "bearer", .parameters = {{"realm", realm}}}};
    try {
      authorize(http, challenges, parse_reference(image()), std::nullopt, /*is_plain=*/true, {});
      ADD_FAILURE() << realm;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown) << realm;
      EXPECT_NE(std::string(error.what()).find(script_.url().substr(7)), std::string::npos) << error.what();
    }
  }
}

TEST_F(TokenTest, ALoginThatIsBrokenIntoLinesIsRead) {
  log_in(script_.url().substr(7), "ci:opensesame");
  const fs::path file = folder_.path() / "config.json";
  const std::string text = read_file(file);
  const std::string encoded = to_base64("ci:opensesame");
  write_file(file, replace_all(text, encoded, encoded.substr(0, 4) + "\\r\\n" + encoded.substr(4) + "\\n"));
  EXPECT_TRUE(resolve(image()));
  EXPECT_EQ(script_.received().at(1).header("Authorization"), RegistryServer::basic());
  write_file(file, replace_all(text, encoded, "***"));
  const std::string reason = reason_of(image());
  EXPECT_NE(reason.find("/v2/'].auth of '" + file.string()), std::string::npos) << reason;
}

TEST_F(TokenTest, ARefusedTokenIsUnknown) {
  token_ = {.status = 403, .body = "no"};
  EXPECT_NE(reason_of(image()).find("gave no token for 'team/app': status 403"), std::string::npos);
  token_ = {.body = "{}"};
  EXPECT_NE(reason_of(image()).find("without a token"), std::string::npos);
  token_ = {.body = R"({"token":"other"})"};
  EXPECT_NE(reason_of(image()).find("status 401"), std::string::npos);
}

TEST_F(TokenTest, BytesThatAreNotTheAnnouncedOnesAreRefused) {
  announced_ = kDigest;
  EXPECT_NE(reason_of(image()).find(kDigest + " was announced"), std::string::npos);
  announced_ = "";
  EXPECT_TRUE(resolve(image()));
  EXPECT_NE(reason_of(image("@" + kDigest)).find(kDigest + " was asked for"), std::string::npos);
}

TEST_F(TokenTest, AManifestThatIsNoImageIsRefused) {
  const auto reason = [&](const std::string& manifest) {
    manifest_ = manifest;
    announced_ = "";
    return reason_of(image());
  };
  EXPECT_NE(reason(R"({"mediaType":"application/vnd.docker.distribution.manifest.v1+json"})").find("is no image"),
            std::string::npos);
  EXPECT_NE(reason(R"({"layers":[{"size":-1}]})").find("impossible layer size"), std::string::npos);
  EXPECT_NE(reason(R"({"layers":[{"size":9223372036854775807},{"size":1}]})").find("impossible"), std::string::npos);
  EXPECT_NE(reason(R"({"layers":[{}]})").find("expected"), std::string::npos);
  EXPECT_NE(reason("").find("manifest of"), std::string::npos);
  const std::string index = R"({"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
  EXPECT_NE(reason(index).find("names no image"), std::string::npos);
}

TEST_F(RegistryTest, ANotFoundOfSomethingElseIsNoAbsence) {
  test::HttpServer script(
      [](const test::Received&) { return test::Answer{.status = 404, .body = "<html>not here</html>"}; });
  EXPECT_NE(reason_of(script.url().substr(7) + "/team/app:v1").find("status 404"), std::string::npos);
}

}  // namespace
}  // namespace baton::registry
