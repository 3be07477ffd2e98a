// The release's image as a registry answers for it.
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

const std::string kManifest = R"({"schemaVersion":2,"layers":[{"size":10}]})";

Finding image_in_registry_of(const test::Answer& answer) {
  test::HttpServer registry([&](const test::Received& request) {
    return request.target == "/v2/shop/manifests/v1.6.0" ? answer : test::Answer{.status = 500};
  });
  EnvScene scene("image: 127.0.0.1:" + std::to_string(registry.port()) + "/shop");
  return look_at(scene, "image-in-registry");
}

TEST(ImageCheck, PassesWithTheDigestOfTheTag) {
  const auto finding = image_in_registry_of(
      {.headers = {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}, .body = kManifest});
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured("sha256:" + sha256_hex(kManifest)));
}

TEST(ImageCheck, FailsWhenTheRegistryHasNoSuchTag) {
  const auto finding = image_in_registry_of({.status = 404, .body = R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})"});
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
  EXPECT_EQ(finding.observed, Measured("absent"));
  EXPECT_NE(finding.message.find("/shop:v1.6.0'"), std::string::npos) << finding.message;
}

TEST(ImageCheck, IsUnknownWhenSomethingElseAnswers) {
  EXPECT_EQ(image_in_registry_of({.status = 404, .body = "<html>"}).outcome, Outcome::unknown);
  EXPECT_EQ(image_in_registry_of({.status = 403}).outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
