// Blobs of a real registry, of one that sends elsewhere, and of one that does not hand out what it promised.
#include <gtest/gtest.h>

#include "common/clients/registry/client.h"
#include "tests/common/clients/registry/server.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::registry {
namespace {

Descriptor part_of(const std::string& bytes) {
  return {.media_type = "application/octet-stream",
          .digest = "sha256:" + sha256_hex(bytes),
          .size = static_cast<std::int64_t>(bytes.size())};
}

class BlobTest : public testing::Test {
 protected:
  Client client() {
    return Client(HttpClient({.attempts = 1}, Environment{}, clock_),
                  Environment({{"DOCKER_CONFIG", folder_.path().string()}}), /*plain_http=*/false);
  }
  std::string fetch(const std::string& image, const Descriptor& part) {
    std::string bytes;
    client().blob(parse_reference(image), part, [&](std::string_view piece) { bytes += piece; });
    return bytes;
  }
  std::string reason_of(const std::string& image, const Descriptor& part) {
    return test::refusal_and_hint(ExitCode::unknown, [&] { fetch(image, part); });
  }
  void log_in(const std::string& host, const std::string& user_and_password) {
    write_file(folder_.path() / "config.json",
               R"({"auths":{")" + host + R"(":{"auth":")" + to_base64(user_and_password) + R"("}}})");
  }

  TempFolder folder_;
  SystemClock clock_;
};

TEST_F(BlobTest, ARealRegistrysImageIsReadWhole) {
  RegistryServer server(/*wants_login=*/true);
  log_in(server.host(), "ci:opensesame");
  const std::string layer(300'000, 'l');
  const auto digest = server.push_layers(
      "v1", {{.bytes = layer, .diff_id = {}, .type = "application/vnd.oci.image.layer.v1.tar"}},
      parse_json(R"({"os":"linux","architecture":"arm64","variant":"v8","config":{"User":"app","Entrypoint":["/app"],
                     "Cmd":["serve"],"Env":["A=b"],"Labels":{"k":"v"}},"history":[{"created_by":"COPY"},{}]})",
                 "config"),
      Json::object({{"org.opencontainers.image.base.name", "debian:12"}}));
  const auto image = parse_reference(server.host() + "/team/app:v1");
  auto registry = client();
  const auto images = registry.images(image);
  ASSERT_EQ(images.size(), 1U);
  EXPECT_EQ(images[0].digest, digest);
  EXPECT_EQ(images[0].base, "debian:12");
  EXPECT_EQ(images[0].compressed_bytes(), 300'000);
  const auto config = registry.config(image, images[0]);
  EXPECT_EQ(config.platform, "linux/arm64/v8");
  EXPECT_EQ(config.user, "app");
  EXPECT_EQ(config.entrypoint, std::vector<std::string>{"/app"});
  EXPECT_EQ(config.command, std::vector<std::string>{"serve"});
  EXPECT_EQ(config.environment, std::vector<std::string>{"A=b"});
  EXPECT_EQ(config.labels.at("k"), "v");
  EXPECT_EQ(config.history, (std::vector<std::string>{"COPY", ""}));
  EXPECT_EQ(config.diff_ids, std::vector<std::string>{"sha256:" + sha256_hex(layer)});
  EXPECT_EQ(fetch(server.host() + "/team/app:v1", images[0].layers.at(0)), layer);
}

TEST_F(BlobTest, AnAbsentBlobIsUnknown) {
  RegistryServer server(/*wants_login=*/false);
  server.push_image("v1", "layer", "linux");
  EXPECT_NE(reason_of(server.host() + "/team/app:v1", part_of("absent")).find("status 404"), std::string::npos);
}

TEST_F(BlobTest, TheStoreIsAskedWithoutOurLogin) {
  test::HttpServer store([](const test::Received&) { return test::Answer{.body = "layer"}; });
  test::HttpServer registry([&](const test::Received& asked) -> test::Answer {
    if (asked.header("Authorization").empty())
      return {.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=\"r\""}}};
    return {.status = 307, .headers = {{"Location", store.url() + "/signed?key=k"}}, .body = "moved"};
  });
  log_in(registry.url().substr(7), "ci:opensesame");
  EXPECT_EQ(fetch(registry.url().substr(7) + "/team/app:v1", part_of("layer")), "layer");
  ASSERT_EQ(store.received().size(), 1U);
  EXPECT_EQ(store.received()[0].target, "/signed?key=k");
  EXPECT_EQ(store.received()[0].header("Authorization"), "");
}

TEST_F(BlobTest, ARedirectWithoutEndIsUnknown) {
  test::HttpServer registry([](const test::Received& asked) {
    return test::Answer{.status = 302, .headers = {{"Location", asked.target}}};
  });
  EXPECT_NE(reason_of(registry.url().substr(7) + "/a:b", part_of("layer")).find("status 302"), std::string::npos);
  EXPECT_EQ(registry.received().size(), 4U);
}

TEST_F(BlobTest, ATokenThatHasEndedIsAskedForAgain) {
  int tokens = 0;
  int good_for = 1;
  test::HttpServer* self = nullptr;
  test::HttpServer registry([&](const test::Received& asked) -> test::Answer {
    if (asked.target.starts_with("/token")) {
      good_for = 1;
      return {.body = R"({"token":"t)" + std::to_string(++tokens) + R"("})"};
    }
    if (asked.header("Authorization") != "Bearer t" + std::to_string(tokens) || good_for-- == 0)
      return {.status = 401,
              .headers = {{"WWW-Authenticate", "Bearer realm=\"" + self->url() + "/token\",service=\"r\""}}};
    return {.body = "layer"};
  });
  self = &registry;
  auto one = client();
  const auto image = parse_reference(registry.url().substr(7) + "/team/app:v1");
  for (int i = 0; i < 3; ++i) one.blob(image, part_of("layer"), [](std::string_view) {});
  EXPECT_EQ(tokens, 3);
}

TEST_F(BlobTest, OtherBytesThanTheDigestsAreRefused) {
  std::string body = "laYer";
  test::HttpServer registry([&](const test::Received&) { return test::Answer{.body = body}; });
  const auto image = registry.url().substr(7) + "/team/app:v1";
  const auto wrong = [&] {
    try {
      fetch(image, part_of("layer"));
    } catch (const WrongBytes& error) {
      return std::string(error.what());
    }
    return std::string("believed");
  };
  EXPECT_NE(wrong().find("has bytes with the digest sha256:" + sha256_hex(body)), std::string::npos) << wrong();
  body = "laye";
  EXPECT_NE(wrong().find("has 4 bytes, but its manifest names 5"), std::string::npos) << wrong();
  body = "layer and more";
  EXPECT_NE(wrong().find("is larger than the 5 bytes"), std::string::npos) << wrong();
  body = "layer";
  EXPECT_EQ(wrong(), "believed");
}

TEST_F(BlobTest, ACutConnectionIsNoWrongImage) {
  test::HttpServer registry(
      [](const test::Received&) { return test::Answer{.body = std::string(1000, 'x'), .cut_after = 400}; });
  EXPECT_NE(reason_of(registry.url().substr(7) + "/a:b", part_of(std::string(1000, 'x'))).find("ended before"),
            std::string::npos);
}

TEST_F(BlobTest, OnlySha256IsBelieved) {
  EXPECT_NE(reason_of("127.0.0.1:1/a:b", {.media_type = {}, .digest = "sha512:00", .size = 1}).find("only sha256"),
            std::string::npos);
}

TEST_F(BlobTest, AStopEndsItAtOnce) {
  std::stop_source stop;
  test::HttpServer registry([&](const test::Received&) {
    return test::Answer{.raw = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", .is_silent = true};
  });
  const auto image = parse_reference(registry.url().substr(7) + "/a:b");
  auto one = client();
  EXPECT_EQ(test::error_of([&] {
              one.blob(
                  image, part_of("123456789"), [&](std::string_view) { stop.request_stop(); }, stop.get_token());
            }).code(),
            ExitCode::interrupted);
}

/// A registry with one manifest, whatever it is.
class ManifestTest : public BlobTest {
 protected:
  std::string images_of(const std::string& manifest, const std::string& type = std::string(kImageType)) {
    manifest_ = manifest;
    type_ = type;
    return test::refusal_and_hint(ExitCode::unknown,
                                  [&] { client().images(parse_reference(script_.url().substr(7) + "/a:v1")); });
  }
  static std::string layers(const std::string& text) {
    return R"({"config":{"digest":")" + kDigest + R"(","size":2},"layers":)" + text + "}";
  }

  inline static const std::string kDigest = "sha256:" + std::string(64, 'a');
  std::string manifest_;
  std::string type_;
  test::HttpServer script_{[this](const test::Received& asked) -> test::Answer {
    if (!asked.target.ends_with("/v1")) return {.status = 404, .body = R"({"errors":[]})"};
    return {.headers = {{"Content-Type", type_}}, .body = manifest_};
  }};
};

TEST_F(ManifestTest, WhatIsNoImageIsRefused) {
  // Docker's schema 1, written from its published specification.
  EXPECT_NE(images_of(R"({"schemaVersion":1,"name":"a","fsLayers":[{"blobSum":"x"}],"signatures":[]})",
                      "application/vnd.docker.distribution.manifest.v1+prettyjws")
                .find("which is no image"),
            std::string::npos);
  EXPECT_NE(images_of("{}").find("is malformed"), std::string::npos);
  EXPECT_NE(images_of(layers("{}")).find("is malformed"), std::string::npos);
  EXPECT_NE(images_of(layers(R"([{"digest":"sha512:00","size":1}])")).find("is no sha256:… digest"), std::string::npos);
  EXPECT_NE(images_of(layers(R"([{"digest":")" + kDigest + R"(","size":-1}])")).find("impossible layer size"),
            std::string::npos);
  EXPECT_NE(images_of("[").find("manifest of"), std::string::npos);
}

TEST_F(ManifestTest, NoImageHasAThousandLayersAndNoManifestFiveMegabytes) {
  const auto layer = R"({"digest":")" + kDigest + R"(","size":1})";
  std::string many = "[" + layer;
  for (int i = 0; i < 1000; ++i) many += "," + layer;
  EXPECT_NE(images_of(layers(many + "]")).find("more than 1000 layers"), std::string::npos);
  EXPECT_NE(images_of(std::string(5U << 20U, ' ')).find("larger than the cap"), std::string::npos);
}

TEST_F(ManifestTest, AnIndexNamesImages) {
  const std::string index(kIndexType);
  const auto entry = [](const std::string& platform) {
    return R"({"digest":")" + kDigest + R"(","platform":)" + platform + "}";
  };
  EXPECT_NE(images_of(R"({"manifests":[)" + entry(R"({"os":"unknown","architecture":"unknown"})") + "]}", index)
                .find("names no image"),
            std::string::npos);
  EXPECT_NE(images_of(R"({"manifests":[)" + entry(R"({"os":"linux","architecture":"amd64"})") + "]}", index)
                .find("does not have"),
            std::string::npos);
  EXPECT_NE(images_of(R"({"manifests":[{"digest":"x"}]})", index).find("is no sha256"), std::string::npos);
  EXPECT_NE(images_of(R"({"manifests":7})", index).find("is malformed"), std::string::npos);
}

TEST(ImageConfig, KnowsRootByNameAndNumber) {
  for (const auto* user : {"", "0", "root", "0:0", "root:app", "00"})
    EXPECT_TRUE((ImageConfig{.platform = {}, .user = user}).runs_as_root()) << user;
  for (const auto* user : {"1", "app", "1000:0", "nonroot", "10"})
    EXPECT_FALSE((ImageConfig{.platform = {}, .user = user}).runs_as_root()) << user;
}

TEST(ImageConfig, RefusesWhatIsNone) {
  for (const auto* text :
       {"[]", "7", R"({"config":7,"history":{}})", R"({"config":{"Env":[7]}})", R"({"config":{"User":7}})"}) {
    EXPECT_THROW(parse_image_config(parse_json(text, "c"), "c"), Error) << text;
  }
}

}  // namespace
}  // namespace baton::registry
