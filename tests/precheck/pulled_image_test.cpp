// The release's image in a real registry, pulled and looked into.
#include "tools/precheck/pulled_image.h"

#include <gtest/gtest.h>

#include "common/core/gzip.h"
#include "tests/common/clients/registry/server.h"
#include "tests/precheck/scene.h"
#include "tests/support/archive.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using registry::kImageType;
using registry::kIndexType;
using registry::PushedLayer;
using registry::RegistryServer;
using test::EnvScene;
using test::tar_end;
using test::tar_member;

PushedLayer layer_of(const std::string& archive) {
  return {.bytes = gzip(archive), .diff_id = "sha256:" + sha256_hex(archive)};
}

PushedLayer files(const std::string& name, std::size_t bytes) {
  return layer_of(tar_member({.name = name, .content = std::string(bytes, 'x')}) + tar_end());
}

Json config(const std::string& run, const std::string& platform = R"("os":"linux","architecture":"amd64")") {
  return parse_json("{" + platform + R"(,"config":)" + run + "}", "config");
}

const std::string kRuns = R"({"User":"app","Entrypoint":["/app"]})";

class PulledImageTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<RegistryServer>(/*wants_login=*/false); }
  static void TearDownTestSuite() { server_.reset(); }

  static std::string yaml(const std::string& more = "") { return "image: " + server_->host() + "/team/app\n" + more; }
  static Finding finding(const std::string& check, const std::string& more = "") {
    EnvScene scene(yaml(more));
    return look_at(scene, check);
  }
  static Outcome outcome(const std::string& check, const std::string& more = "") {
    return finding(check, more).outcome;
  }
  /// As the release's tag.
  static std::string push(const std::vector<PushedLayer>& layers, const Json& its_config = config(kRuns),
                          const Json& annotations = Json::object()) {
    return server_->push_layers("v1.6.0", layers, its_config, annotations);
  }
  static std::string push_index(const std::vector<std::string>& digests) {
    const std::vector<std::string> platforms{R"({"os":"linux","architecture":"amd64"})",
                                             R"({"os":"linux","architecture":"arm64"})",
                                             R"({"os":"unknown","architecture":"unknown"})"};
    Json entries = Json::array();
    for (std::size_t at = 0; at < digests.size(); ++at) {
      entries.push_back(Json::object({{"mediaType", kImageType},
                                      {"digest", digests[at]},
                                      {"size", 1},
                                      {"platform", parse_json(platforms.at(at), "platform")}}));
    }
    return server_->push_manifest(
        "v1.6.0", to_text(Json::object({{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", entries}})),
        kIndexType);
  }

  static std::unique_ptr<RegistryServer> server_;
};
std::unique_ptr<RegistryServer> PulledImageTest::server_;

TEST_F(PulledImageTest, ItsSizeIsThatOfItsFilesUnpacked) {
  push({files("a", 3000), files("b", 2000)});
  const auto seen = finding("image-size");
  EXPECT_EQ(seen.outcome, Outcome::pass) << seen.message;
  EXPECT_EQ(seen.observed, Measured(5000, "B"));
  EXPECT_NE(seen.message.find("linux/amd64: "), std::string::npos) << seen.message;
  EXPECT_NE(seen.message.find(" compressed"), std::string::npos) << seen.message;
}

TEST_F(PulledImageTest, SizeLimitsHoldStrictlyAbove) {
  push({files("a", 3000), files("b", 2000)});
  EXPECT_EQ(outcome("image-size", "precheck: {image: {warn: 5000B, max: 9000B}}"), Outcome::pass);
  EXPECT_EQ(outcome("image-size", "precheck: {image: {warn: 4999B, max: 9000B}}"), Outcome::warn);
  EXPECT_EQ(outcome("image-size", "precheck: {image: {warn: 4000B, max: 5000B}}"), Outcome::warn);
  const auto large = finding("image-size", "precheck: {image: {warn: 4000B, max: 4999B}}");
  EXPECT_EQ(large.outcome, Outcome::fail);
  EXPECT_TRUE(large.critical);
}

TEST_F(PulledImageTest, ZstdAndPlainLayersCountLikeGzip) {
  const auto archive = tar_member({.name = "a", .content = std::string(3000, 'x')}) + tar_end();
  push({{.bytes = test::zstd(archive),
         .diff_id = "sha256:" + sha256_hex(archive),
         .type = "application/vnd.oci.image.layer.v1.tar+zstd"},
        {.bytes = archive + tar_end(), .diff_id = {}, .type = "application/vnd.oci.image.layer.v1.tar"}});
  EXPECT_EQ(finding("image-size").observed, Measured(6000, "B"));
  EXPECT_EQ(outcome("image-bytes"), Outcome::pass);
}

TEST_F(PulledImageTest, TheLargestPlatformIsJudgedAndAttestationsAreNone) {
  const auto amd = server_->push_layers("t1", {files("a", 1000)}, config(kRuns));
  const auto arm = server_->push_layers("t2", {files("a", 1000), files("b", 2000)},
                                        config(kRuns, R"("os":"linux","architecture":"arm64")"));
  const auto attestation = server_->push_image("t3", "no archive", "unknown");
  push_index({amd, arm, attestation});
  EXPECT_EQ(finding("image-size").observed, Measured(3000, "B"));
  EXPECT_EQ(finding("image-config").observed, Measured("linux/amd64, linux/arm64"));
  const auto bytes = finding("image-bytes");
  EXPECT_EQ(bytes.outcome, Outcome::pass) << bytes.message;
  EXPECT_EQ(bytes.observed, Measured(2, "layers")) << "what platforms share is pulled once";
}

TEST_F(PulledImageTest, EveryByteIsHashed) {
  push({files("a", 1000)});
  const auto seen = finding("image-bytes");
  EXPECT_EQ(seen.outcome, Outcome::pass) << seen.message;
  EXPECT_EQ(seen.observed, Measured(1, "layers"));
}

TEST_F(PulledImageTest, OtherBytesThanTheDigestsStop) {
  auto layer = files("altered", 1000);
  push({layer});
  auto altered = layer.bytes;
  altered[altered.size() / 2] ^= 1;
  server_->alter_blob("sha256:" + sha256_hex(layer.bytes), altered);
  const auto seen = finding("image-bytes");
  EXPECT_EQ(seen.outcome, Outcome::fail) << seen.message;
  EXPECT_TRUE(seen.critical);
  EXPECT_NE(seen.message.find("has bytes with the digest"), std::string::npos) << seen.message;
  EXPECT_NE(outcome("image-size"), Outcome::pass);
  EXPECT_NE(outcome("image-contents"), Outcome::pass);
}

TEST_F(PulledImageTest, ALayerThatIsCutOffStops) {
  const auto layer = files("cut", 2000);
  push({layer});
  server_->alter_blob("sha256:" + sha256_hex(layer.bytes), layer.bytes.substr(0, 20));
  EXPECT_NE(outcome("image-bytes"), Outcome::pass);
  EXPECT_NE(outcome("image-size"), Outcome::pass);
}

TEST_F(PulledImageTest, ALayerThatUnpacksToOtherBytesThanItsConfigurationNamesStops) {
  auto layer = files("other", 1000);
  layer.diff_id = "sha256:" + std::string(64, 'b');
  push({layer});
  const auto seen = finding("image-bytes");
  EXPECT_EQ(seen.outcome, Outcome::fail) << seen.message;
  EXPECT_NE(seen.message.find("but the configuration names sha256:bbbb"), std::string::npos) << seen.message;
  auto few = config(kRuns);
  few["rootfs"]["diff_ids"].push_back("sha256:" + std::string(64, 'c'));
  push({files("a", 1000)}, few);
  EXPECT_EQ(outcome("image-bytes"), Outcome::fail) << "it names one layer more than there is";
}

TEST_F(PulledImageTest, WhatIsNoArchiveIsUnknown) {
  push({{.bytes = std::string(2000, 'n'), .diff_id = {}}});
  for (const auto* check : {"image-bytes", "image-size", "image-contents"}) {
    const auto seen = finding(check);
    EXPECT_EQ(seen.outcome, Outcome::unknown) << check;
    EXPECT_NE(seen.message.find("no tar archive"), std::string::npos) << seen.message;
  }
}

TEST_F(PulledImageTest, AForeignLayerIsUnknown) {
  auto layer = files("f", 1000);
  layer.type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  push({layer, files("a", 10)});
  for (const auto* check : {"image-bytes", "image-size", "image-contents"})
    EXPECT_EQ(outcome(check), Outcome::unknown) << check;
}

TEST_F(PulledImageTest, AnImageWithoutLayersIsUnknown) {
  push({});
  for (const auto* check : {"image-bytes", "image-size", "image-contents"})
    EXPECT_EQ(outcome(check), Outcome::unknown) << check;
}

TEST_F(PulledImageTest, RootWarns) {
  for (const auto* user : {"", "root", "0:0"}) {
    push({files("a", 10)}, config(std::string(R"({"Entrypoint":["/a"],"User":")") + user + "\"}"));
    EXPECT_EQ(outcome("image-user"), Outcome::warn) << user;
  }
  push({files("a", 10)}, config(R"({"User":"10001"})"));
  const auto seen = finding("image-user");
  EXPECT_EQ(seen.outcome, Outcome::pass);
  EXPECT_EQ(seen.observed, Measured("10001"));
}

TEST_F(PulledImageTest, SomethingMustBeStarted) {
  push({files("a", 10)}, config(R"({"Cmd":["serve"],"Labels":{"team":"shop"}})"),
       Json::object({{"org.opencontainers.image.base.name", "gcr.io/distroless/static"}}));
  const auto seen = finding("image-config");
  EXPECT_EQ(seen.outcome, Outcome::pass);
  EXPECT_EQ(seen.message, "starts 'serve'; based on gcr.io/distroless/static; labels team=shop");
  push({files("a", 10)}, config("{}"));
  EXPECT_EQ(outcome("image-config"), Outcome::warn);
}

TEST_F(PulledImageTest, AnImageForAnotherPlatformThanItsIndexNamesWarns) {
  push_index({server_->push_layers("t1", {files("a", 10)}, config(kRuns, R"("os":"linux","architecture":"arm64")"))});
  const auto seen = finding("image-config");
  EXPECT_EQ(seen.outcome, Outcome::warn);
  EXPECT_EQ(seen.message, "linux/amd64 is an image for linux/arm64");
}

TEST_F(PulledImageTest, VersionLabelAndReleaseAgree) {
  const auto labelled = [](const std::string& version) {
    push({files("a", 10)}, config(R"({"Labels":{"org.opencontainers.image.version":")" + version + R"("}})"));
  };
  labelled("v1.6.0");
  EXPECT_EQ(outcome("image-version"), Outcome::pass);
  labelled("1.6.0");
  EXPECT_EQ(outcome("image-version"), Outcome::pass);
  labelled("1.6.0-rc1");
  EXPECT_EQ(outcome("image-version"), Outcome::warn);
  push({files("a", 10)});
  EXPECT_EQ(outcome("image-version"), Outcome::pass) << "without a label the tag tells";
  server_->push_layers("stable", {files("a", 10)}, config(kRuns));
  EXPECT_EQ(outcome("image-version", "tag: stable"), Outcome::warn);
}

TEST_F(PulledImageTest, LatestIsThisDigestOrAbsent) {
  RegistryServer own(/*wants_login=*/false);
  const auto latest = [&] {
    EnvScene scene("image: " + own.host() + "/team/app");
    return look_at(scene, "image-latest").outcome;
  };
  own.push_layers("v1.6.0", {files("a", 10)}, config(kRuns));
  EXPECT_EQ(latest(), Outcome::pass);
  own.push_layers("latest", {files("b", 10)}, config(kRuns));
  EXPECT_EQ(latest(), Outcome::warn);
  own.push_layers("latest", {files("a", 10)}, config(kRuns));
  EXPECT_EQ(latest(), Outcome::pass);
}

TEST_F(PulledImageTest, WhatABuildLeavesBehindWarns) {
  push({files("app", 10),
        layer_of(tar_member({.name = "usr/bin/gcc-12"}) + tar_member({.name = "app/.git/HEAD"}) + tar_end())});
  const auto seen = finding("image-contents");
  EXPECT_EQ(seen.outcome, Outcome::warn);
  EXPECT_EQ(seen.message, "it holds a git repository ('app/.git/HEAD'), compilers ('usr/bin/gcc-12')");
  push({files("app/server", 10)});
  EXPECT_EQ(outcome("image-contents"), Outcome::pass);
}

TEST_F(PulledImageTest, AnAbsentTagIsUnknownToAllButTheFirst) {
  for (const auto* check : {"image-config", "image-user", "image-version", "image-latest", "image-size", "image-bytes",
                            "image-contents", "image-revision"}) {
    EnvScene scene(yaml("tag: absent"));
    scene.env.release.commit = std::string(40, 'a');
    EXPECT_EQ(look_at(scene, check).outcome, Outcome::unknown) << check;
  }
  EXPECT_EQ(outcome("image-in-registry", "tag: absent"), Outcome::fail);
}

TEST_F(PulledImageTest, TheImageIsOfTheReleasesCommit) {
  const std::string commit(40, 'a');
  const auto labelled = [&](const std::string& revision) {
    push({files("a", 10)}, config(R"({"Labels":{"org.opencontainers.image.revision":")" + revision + R"("}})"));
    EnvScene scene(yaml());
    scene.env.release.commit = commit;
    return look_at(scene, "image-revision").outcome;
  };
  EXPECT_EQ(labelled(commit), Outcome::pass);
  EXPECT_EQ(labelled("AAAAAAA"), Outcome::pass);
  EXPECT_EQ(labelled("aaaaaa"), Outcome::fail) << "too short to tell";
  EXPECT_EQ(labelled(std::string(40, 'b')), Outcome::fail);
  EXPECT_EQ(labelled(""), Outcome::warn);
  EXPECT_EQ(outcome("image-revision"), Outcome::unknown) << "the release's commit is not known";
}

TEST(Leftovers, AreKnownByTheirPaths) {
  for (const auto* path : {"usr/bin/gcc", "./usr/bin/x86_64-linux-gnu-g++-12", "usr/lib/gcc/x86_64-linux-gnu/12/cc1",
                           "usr/local/go/pkg/tool/linux_amd64/compile", "root/.cargo/bin/cargo"})
    EXPECT_EQ(leftover_of(path), "compilers") << path;
  for (const auto* path : {"app/.git/", "/app/.git/config"}) EXPECT_EQ(leftover_of(path), "a git repository") << path;
  EXPECT_EQ(leftover_of("app/node_modules/.cache/x"), "caches of build tools");
  EXPECT_EQ(leftover_of("var/lib/apt/lists/deb.debian.org_dists"), "caches of package managers");
  EXPECT_EQ(leftover_of("app/node_modules/jest/package.json"), "development packages of Node.js");
  EXPECT_EQ(leftover_of("app/__pycache__/a.pyc"), "bytecode of a Python run");
  for (const auto* path :
       {"", "/", "app/server", "usr/bin/gccgo.txt", "app/gcc", "var/lib/apt/lists/", "var/lib/apt/lists/lock",
        "usr/lib/python3/__pycache__/a.pyc", "app/.gitignore", "app/.wh.git", "usr/bin/.wh.gcc",
        "app/node_modules/express/package.json", "app/node_modules/jest/index.js"})
    EXPECT_EQ(leftover_of(path), "") << path;
}

}  // namespace
}  // namespace baton::precheck
