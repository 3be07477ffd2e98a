// The two checks: what passes, fails, warns, and what is unknown.
#include <gtest/gtest.h>

#include "common/core/gzip.h"
#include "tests/common/clients/registry/server.h"
#include "tests/precheck/scene.h"
#include "tests/precheck/secrets/planted.h"
#include "tests/support/archive.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck {
namespace {

using registry::RegistryServer;
using test::EnvScene;
using test::planted_token;

Finding scan_of(const TempFolder& folder, const std::string& more = "") {
  EnvScene scene("precheck: {security: {secrets: ['" + folder.path().string() + "']" + more + "}}");
  const KubeconfigOf cluster("http://127.0.0.1:1");
  cluster.use_in(scene);
  return look_at(scene, "secrets");
}

std::string allowing(const std::string& until, const std::string& hash) {
  return ", secrets_allow: [{sha256: " + hash + ", reason: 'of the playground', until: '" + until + "'}]";
}

TEST(SecretsCheck, PassesWhereEverythingWasReadAndNothingFound) {
  const TempFolder folder;
  write_file(folder.path() / "a.txt", "nothing\n");
  const auto finding = scan_of(folder);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_NE(finding.message.find("1 file read"), std::string::npos) << finding.message;
}

TEST(SecretsCheck, FailsWithPlaceAndHashAndNeverTheValue) {
  const TempFolder folder;
  write_file(folder.path() / "a.txt", "x\n" + planted_token());
  const auto finding = scan_of(folder);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.message.find("a.txt:2"), std::string::npos) << finding.message;
  EXPECT_NE(finding.message.find(secrets::secret_hash("shop", planted_token())), std::string::npos);
  EXPECT_EQ(to_text(to_json(finding)).find(planted_token().substr(8, 12)), std::string::npos);
}

TEST(SecretsCheck, WarnsOfWhatIsNoLiveSecret) {
  const TempFolder folder;
  write_file(folder.path() / "tests/a.py", "postgresql://app:" + std::string("kT9vQ") + "2mZx7w@db.internal/shop");
  EXPECT_EQ(scan_of(folder).outcome, Outcome::warn);
}

TEST(SecretsCheck, AnAllowanceHoldsThroughItsLastDayAndThenFails) {
  const TempFolder folder;
  write_file(folder.path() / "a.txt", planted_token());
  const auto hash = secrets::secret_hash("shop", planted_token());
  EXPECT_EQ(scan_of(folder, allowing("2026-03-01", hash)).outcome, Outcome::pass) << "the scene's day";
  const auto over = scan_of(folder, allowing("2026-02-28", hash));
  EXPECT_EQ(over.outcome, Outcome::fail);
  EXPECT_NE(over.message.find("allowed until 2026-02-28"), std::string::npos) << over.message;
  EXPECT_EQ(scan_of(folder, allowing("2026-12-31", std::string(64, 'a'))).outcome, Outcome::fail);
}

TEST(SecretsCheck, IsUnknownWhereNothingOrNotAllWasRead) {
  const TempFolder empty;
  EXPECT_EQ(scan_of(empty).outcome, Outcome::unknown);
  const TempFolder hollow;
  write_file(hollow.path() / "a.txt", "");
  EXPECT_EQ(scan_of(hollow).outcome, Outcome::unknown);
  const TempFolder cut;
  const auto packed = gzip("text");
  write_file(cut.path() / "a.gz", packed.substr(0, packed.size() - 6));
  const auto finding = scan_of(cut);
  EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
  EXPECT_NE(finding.message.find("1 not read"), std::string::npos) << finding.message;
  EnvScene absent("precheck: {security: {secrets: [/nowhere/at/all]}}");
  EXPECT_EQ(look_at(absent, "secrets").outcome, Outcome::unknown);
}

TEST(SecretsCheck, ReadsTheManifestToo) {
  const TempFolder folder;
  const TempFolder other;
  write_file(folder.path() / "a.txt", "nothing\n");
  write_file(other.path() / "deployment.yaml", "env: [{name: T, value: " + planted_token() + "}]\n");
  EnvScene scene("kubernetes: {manifest: '" + (other.path() / "deployment.yaml").string() +
                 "'}\nprecheck: {security: {secrets: ['" + folder.path().string() + "']}}");
  const KubeconfigOf cluster("http://127.0.0.1:1");
  cluster.use_in(scene);
  EXPECT_EQ(look_at(scene, "secrets").outcome, Outcome::fail);
}

class ImageSecrets : public testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<RegistryServer>(/*wants_login=*/false); }
  static void TearDownTestSuite() { server_.reset(); }
  static Finding look(const std::vector<registry::PushedLayer>& layers, const std::string& config) {
    server_->push_layers("v1.6.0", layers, parse_json(config, "config"));
    EnvScene scene("image: " + server_->host() + "/team/app");
    return look_at(scene, "image-secrets");
  }
  static registry::PushedLayer layer(const std::string& name, const std::string& content) {
    const auto tar = test::tar_member({.name = name, .content = content}) + test::tar_end();
    return {.bytes = gzip(tar), .diff_id = "sha256:" + sha256_hex(tar)};
  }
  static std::string config(const std::string& more = "") {
    return R"({"architecture":"amd64","os":"linux")" + more + "}";
  }
  static std::unique_ptr<RegistryServer> server_;
};
std::unique_ptr<RegistryServer> ImageSecrets::server_;

TEST_F(ImageSecrets, PassWhereAllLayersWereReadAndNothingFound) {
  const auto finding = look({layer("app/a.txt", "nothing")}, config());
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
}

TEST_F(ImageSecrets, FailOnAFileThatALaterLayerHides) {
  const auto finding = look({layer("app/.env", planted_token()), layer("app/.wh..env", "")}, config());
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
  EXPECT_NE(finding.message.find("!app/.env:1"), std::string::npos) << finding.message;
  EXPECT_NE(finding.message.find("layer sha256:"), std::string::npos) << finding.message;
}

TEST_F(ImageSecrets, FailOnEnvironmentLabelAndHistory) {
  for (const auto& more : {R"(,"config":{"Env":["T=)" + planted_token() + R"("]})",
                           R"(,"config":{"Labels":{"t":")" + planted_token() + R"("}})",
                           R"(,"history":[{"created_by":"RUN |1 T=)" + planted_token() + R"( sh -c make"}])"}) {
    const auto finding = look({layer("a", "nothing")}, config(more));
    EXPECT_EQ(finding.outcome, Outcome::fail) << more;
  }
}

TEST_F(ImageSecrets, AreUnknownWhereALayerIsNoneOrCannotBeAsked) {
  const auto finding = look({{.bytes = gzip("text").substr(0, 12)}}, config());
  EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
  EnvScene dead("image: 127.0.0.1:1/shop");
  EXPECT_EQ(look_at(dead, "image-secrets").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
