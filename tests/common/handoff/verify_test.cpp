// The offline walk says yes only when every file is whole, in order and, where keys are trusted, signed.
#include "common/handoff/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "tests/common/handoff/sample.h"
#include "tests/common/handoff/test_keys.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using Files = std::map<std::string, std::string>;

Files whole() {
  Files files{{"pre-deployment-checklist.md", "# Checklist\n"}};
  Handoff precheck = sample::handoff("precheck");
  precheck.artifacts = {{"pre-deployment-checklist.md", sha256_hex(files["pre-deployment-checklist.md"])}};
  files["precheck.json"] = to_bytes(precheck);
  files["migrate.json"] = to_bytes(sample::after("migrate", "precheck", sha256_hex(files["precheck.json"])));
  files["switch.json"] = to_bytes(sample::after("switch", "migrate", sha256_hex(files["migrate.json"])));
  return files;
}

Verification verify(const Files& files, const std::vector<TrustKey>& trust = {}) {
  const auto read = [&](const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) names.push_back(name);
  return verify_folder({.read = read, .trust = trust, .names = names});
}

using test::says;

TEST(VerifyTest, SaysYesToAWholeFolder) {
  const Verification result = verify(whole());
  EXPECT_TRUE(result.is_good) << result.says;
  EXPECT_EQ(result.says,
            "yes: 3 handoffs and 1 artifact are whole and in order; signatures were not asked for: no "
            "trusted key is configured");
  EXPECT_EQ(result.lines.size(), 4U);
}

TEST(VerifyTest, SaysNoToAnEmptyFolder) { EXPECT_EQ(verify({}).says, "no: there is no handoff here"); }

TEST(VerifyTest, FindsAFlippedByteInEveryFileButTheLast) {
  constexpr std::size_t kStride = 5;  // every fifth byte: the digests do not care which
  const Files files = whole();
  for (const auto& [name, bytes] : files) {
    if (name == "switch.json") continue;
    for (std::size_t i = 0; i < bytes.size(); i += kStride) {
      Files altered = files;
      altered[name][i] = static_cast<char>(altered[name][i] ^ 1);
      ASSERT_FALSE(verify(altered).is_good) << name << " " << i;
    }
  }
}

TEST(VerifyTest, FindsAMissingFile) {
  for (const auto& [name, bytes] : whole()) {
    if (name == "switch.json") continue;
    Files files = whole();
    files.erase(name);
    EXPECT_FALSE(verify(files).is_good) << name;
  }
}

TEST(VerifyTest, SaysWhatNothingCovers) {
  auto files = whole();
  files["extra.md"] = "all fine";
  EXPECT_EQ(verify(files).says, "no: extra.md: no handoff covers it: anybody may have written it");
  files.erase("extra.md");
  files["notified.txt"] = "sent";
  files[".baton-id"] = "id";
  files["precheck.1.json"] = "an earlier attempt";
  files[".precheck.lock"] = "";
  const auto seen = verify(files);
  EXPECT_TRUE(seen.is_good) << seen.says;
  for (const auto& [name, bytes] : files) EXPECT_EQ(std::ranges::count(seen.lines, name, &VerifyLine::name), 1) << name;
  for (const auto* name :
       {"precheck.approval.json", "precheck..json", "precheck.1.md", ".hidden.md", ".notified.txt"}) {
    auto more = files;
    more[name] = "{}";
    EXPECT_FALSE(verify(more).is_good) << name;
  }
}

TEST(VerifyTest, HoldsEvidenceAgainstItsDigest) {
  auto files = whole();
  Handoff last = sample::after("switch", "migrate", sha256_hex(files["migrate.json"]));
  files["evidence/pods.json"] = "[]";
  last.evidence = {
      {.name = "evidence/pods.json", .kind = "cluster", .sha256 = sha256_hex("[]"), .about = "x", .produced_at = "x"}};
  files["switch.json"] = to_bytes(last);
  EXPECT_TRUE(verify(files).is_good) << verify(files).says;
  files["evidence/pods.json"] = "[1]";
  EXPECT_EQ(verify(files).says, "no: evidence/pods.json: it is not as its step wrote it");
}

/// precheck, then finalize, which ended with this verdict and found that much.
Files closed_after(Verdict precheck, Verdict finalize, std::vector<Finding> findings) {
  Files files;
  Handoff first = sample::handoff("precheck");
  first.verdict = precheck;
  first.artifacts.clear();
  files["precheck.json"] = to_bytes(first);
  Handoff last = sample::after("finalize", "precheck", sha256_hex(files["precheck.json"]));
  last.verdict = finalize;
  last.artifacts.clear();
  last.findings = std::move(findings);
  files["finalize.json"] = to_bytes(last);
  return files;
}

TEST(VerifyTest, NamesTheStepsThatAreMissing) {
  const std::vector<Finding> some = {{.id = "chain", .sop = "4", .title = "Chain", .outcome = Outcome::pass}};
  EXPECT_EQ(verify(closed_after(Verdict::proceed, Verdict::proceed, some)).says, "no: switch.json: it is missing");
  EXPECT_TRUE(verify(closed_after(Verdict::stop, Verdict::proceed, some)).is_good) << "nothing is owed after a stop";
}

TEST(VerifyTest, AStepOnlyBegunIsNoProof) {
  const auto begun = verify(closed_after(Verdict::stop, Verdict::again, {}));
  EXPECT_TRUE(begun.says.starts_with("no: finalize.json: it was only begun")) << begun.says;
}

TEST(VerifyTest, FindsSwappedFiles) {
  Files files = whole();
  std::swap(files["precheck.json"], files["migrate.json"]);
  EXPECT_FALSE(verify(files).is_good);
}

TEST(VerifyTest, FindsAFileOfAnotherDeployment) {
  Files files = whole();
  Handoff foreign = sample::after("switch", "migrate", sha256_hex(files["migrate.json"]));
  foreign.release.id = "other";
  files["switch.json"] = to_bytes(foreign);
  EXPECT_TRUE(says(verify(files).says, "another deployment"));
}

TEST(VerifyTest, CountsTheLastWritersDigestOfAFileThatSeveralStepsRewrote) {
  Files files{{"log.txt", "both"}};
  Handoff precheck = sample::handoff("precheck");
  precheck.artifacts = {{"log.txt", sha256_hex("first only")}};
  files["precheck.json"] = to_bytes(precheck);
  Handoff migrate = sample::after("migrate", "precheck", sha256_hex(files["precheck.json"]));
  migrate.artifacts = {{"log.txt", sha256_hex("both")}};
  files["migrate.json"] = to_bytes(migrate);
  EXPECT_TRUE(verify(files).is_good);
  files["log.txt"] = "first only";
  EXPECT_FALSE(verify(files).is_good);
}

TEST(VerifyTest, LetsOnlyAStandaloneStepBeginAfterPrecheck) {
  Handoff handoff = sample::handoff("switch");
  handoff.artifacts.clear();
  EXPECT_FALSE(verify({{"switch.json", to_bytes(handoff)}}).is_good);
  handoff.standalone = true;
  EXPECT_TRUE(verify({{"switch.json", to_bytes(handoff)}}).is_good);
}

TEST(VerifyTest, AsksForEverySignatureWhereKeysAreTrusted) {
  const SigningKey key(sample::kEd25519);
  const std::vector<TrustKey> trust = {parse_trust_key(key.public_pem(), "ci.pub")};
  Files files = whole();
  EXPECT_TRUE(says(verify(files, trust).says, "not signed"));
  for (const std::string step : {"precheck", "migrate", "switch"}) {
    files[step + ".sigstore.json"] = key.sign_bundle(files[step + ".json"]);
  }
  EXPECT_TRUE(verify(files, trust).is_good);
  files["switch.json"].replace(files["switch.json"].find("\"rows\": 9"), 9, "\"rows\": 8");
  EXPECT_FALSE(verify(files, trust).is_good);
}

}  // namespace
}  // namespace baton
