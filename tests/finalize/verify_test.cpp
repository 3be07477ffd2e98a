// What `baton-finalize verify` prints to somebody who has the folder and nothing else.
#include "tools/finalize/verify.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/core/digest.h"
#include "common/io/process.h"
#include "tests/common/handoff/sample.h"
#include "tests/common/handoff/test_keys.h"
#include "tests/support/places.h"

namespace baton::finalize {
namespace {

class VerifyVerbTest : public testing::Test {
 protected:
  /// A checklist and the handoffs of precheck and switch, in order and whole.
  VerifyVerbTest() {
    write_file(path("pre-deployment-checklist.md"), "# Checklist\n");
    auto precheck = sample::handoff("precheck");
    precheck.artifacts = {{"pre-deployment-checklist.md", sha256_hex("# Checklist\n")}};
    write_file(path("precheck.json"), to_bytes(precheck));
    write_file(path("switch.json"),
               to_bytes(sample::after("switch", "precheck", sha256_hex(read_file(path("precheck.json"))))));
  }

  fs::path path(const std::string& name) const { return folder.path() / "evidence" / name; }

  ProcessResult verify(std::vector<std::string> more = {}) const {
    std::vector<std::string> argv{(test::build_folder() / "baton-finalize").string(), "verify", "evidence",
                                  "--ci=none"};
    argv.insert(argv.end(), more.begin(), more.end());
    return run_process({.argv = argv, .environment = {{"HOME", folder.path().string()}}, .folder = folder.path()});
  }

  TempFolder folder;
};

/// An outsider has the folder, and no baton.yaml.
TEST_F(VerifyVerbTest, SaysYesOnceToAGoodFolder) {
  const auto ended = verify();
  EXPECT_EQ(ended.exit_code, 0) << ended.error;
  EXPECT_EQ(ended.output,
            "yes: 2 handoffs and 1 artifact are whole and in order; signatures were not asked for: no trusted key is "
            "configured\n"
            "✅ precheck.json: begins the chain\n"
            "✅ switch.json: follows precheck.json\n"
            "✅ pre-deployment-checklist.md: as its step wrote it\n");
}

TEST_F(VerifyVerbTest, SaysNoOnceToAFolderWithoutHandoffs) {
  for (const auto* name : {"precheck.json", "switch.json"}) fs::remove(path(name));
  const auto ended = verify();
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_TRUE(ended.output.starts_with("no: there is no handoff here\n")) << ended.output;
}

TEST_F(VerifyVerbTest, NamesWhatIsMissing) {
  fs::remove(path("precheck.json"));
  const auto ended = verify();
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_TRUE(
      ended.output.starts_with("no: switch.json: the precheck that it read is not here, or was altered\n"
                               "❌ switch.json: the precheck that it read is not here, or was altered\n"))
      << ended.output;
}

TEST_F(VerifyVerbTest, NamesWhatWasAltered) {
  write_file(path("pre-deployment-checklist.md"), "# Checklist, all well\n");
  const auto ended = verify();
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_TRUE(
      ended.output.starts_with("no: pre-deployment-checklist.md: it is not as its step wrote it\n"
                               "✅ precheck.json: begins the chain\n"
                               "✅ switch.json: follows precheck.json\n"
                               "❌ pre-deployment-checklist.md: it is not as its step wrote it\n"))
      << ended.output;
}

TEST_F(VerifyVerbTest, AsksForSignaturesWhereKeysAreTrusted) {
  const SigningKey key(sample::kEd25519);
  write_file(folder.path() / "ci.pub", key.public_pem());
  const std::string trust = "--set=signing.trust=[ci.pub]";
  const auto unsigned_ = verify({trust});
  EXPECT_EQ(unsigned_.exit_code, 7);
  EXPECT_TRUE(unsigned_.output.starts_with("no: precheck.json: it is not signed, and trusted keys are given\n"))
      << unsigned_.output;
  for (const std::string step : {"precheck", "switch"})
    write_file(path(step + ".sigstore.json"), key.sign_bundle(read_file(path(step + ".json"))));
  const auto signed_ = verify({trust});
  EXPECT_EQ(signed_.exit_code, 0) << signed_.output;
  EXPECT_TRUE(signed_.output.starts_with("yes: 2 handoffs and 1 artifact are whole and in order\n")) << signed_.output;
  EXPECT_NE(signed_.output.find("✅ precheck.json: begins the chain, signed by "), std::string::npos);
}

TEST_F(VerifyVerbTest, CountsNoArtifactOutsideTheFolder) {
  write_file(folder.path() / "outside", "x");
  for (const std::string& name : {(folder.path() / "outside").string(), std::string("../outside")}) {
    auto precheck = sample::handoff("precheck");
    precheck.artifacts = {{name, sha256_hex("x")}};
    write_file(path("precheck.json"), to_bytes(precheck));
    const auto ended = verify();
    EXPECT_EQ(ended.exit_code, 7);
    EXPECT_TRUE(ended.output.starts_with(
        "no: precheck.json: precheck.json: 'predicate.artifacts[].name' leads out of the folder\n"))
        << ended.output;
  }
}

TEST_F(VerifyVerbTest, CountsNoArtifactBehindALink) {
  write_file(folder.path() / "outside", "# Checklist\n");
  fs::remove(path("pre-deployment-checklist.md"));
  fs::create_symlink(folder.path() / "outside", path("pre-deployment-checklist.md"));
  const auto ended = verify();
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_NE(ended.output.find("pre-deployment-checklist.md': it is a link"), std::string::npos) << ended.output;
}

TEST_F(VerifyVerbTest, APipeHoldsNobodyUp) {
  for (const auto* name : {"pre-deployment-checklist.md", "precheck.json"}) {
    fs::remove(path(name));
    ASSERT_EQ(::mkfifo(path(name).c_str(), 0600), 0);
    const auto ended = verify();
    EXPECT_EQ(ended.exit_code, 7);
    EXPECT_NE(ended.output.find(std::string(name) + "': it is no regular file"), std::string::npos) << ended.output;
  }
}

TEST_F(VerifyVerbTest, AnAnswerThatNobodyGetsIsAnError) {
  const std::string program = (test::build_folder() / "baton-finalize").string();
  for (const std::string& words :
       {std::string(" verify evidence --set=app=shop --ci=none"), std::string(" --version")}) {
    const auto ended = run_process({.argv = {"sh", "-c", program + words + " > /dev/full"}, .folder = folder.path()});
    EXPECT_EQ(ended.exit_code, 1) << words;
    EXPECT_NE(ended.error.find("cannot write to stdout"), std::string::npos) << ended.error;
  }
}

TEST_F(VerifyVerbTest, SaysTheSameInJson) {
  const auto good = parse_json(verify({"--output=json"}).output, "stdout");
  EXPECT_TRUE(good["verified"].boolean());
  EXPECT_TRUE(good["says"].string().starts_with("yes: 2 handoffs and 1 artifact are whole and in order"));
  fs::remove(path("precheck.json"));
  const auto bad = parse_json(verify({"--output=json"}).output, "stdout");
  EXPECT_FALSE(bad["verified"].boolean());
  EXPECT_EQ(bad["says"].string(), "no: switch.json: the precheck that it read is not here, or was altered");
}

}  // namespace
}  // namespace baton::finalize
