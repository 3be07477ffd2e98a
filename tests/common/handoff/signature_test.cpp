// Keys in both forms, raw signatures and the bundle: what is taken, and what never is.
#include "common/handoff/signature.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "tests/common/handoff/sample.h"
#include "tests/common/handoff/test_keys.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

using sample::kEd25519;
using sample::kP256;

struct Pair {
  std::string_view name;
  std::string_view secret;
  std::string_view line;
  std::string_view fingerprint;
};

class KeyTest : public testing::TestWithParam<Pair> {
 protected:
  const SigningKey key_{GetParam().secret};
  const std::string payload_ = to_bytes(sample::handoff("precheck"));
};

INSTANTIATE_TEST_SUITE_P(SignatureTest, KeyTest,
                         testing::Values(Pair{"ed25519", kEd25519, sample::kEd25519Line, sample::kEd25519Fingerprint},
                                         Pair{"p256", kP256, sample::kP256Line, sample::kP256Fingerprint}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(KeyTest, HasTheFingerprintThatSshKeygenPrints) {
  EXPECT_EQ(ssh_fingerprint(key_.public_pem()), GetParam().fingerprint);
}

TEST_P(KeyTest, IsTheSameInOpensshsFormAndInPem) {
  EXPECT_EQ(parse_trust_key(GetParam().line, "a").pem, key_.public_pem());
  EXPECT_EQ(parse_trust_key(key_.public_pem() + "\n", "a").pem, key_.public_pem());
}

TEST_P(KeyTest, SignsABundleThatNamesItsSigner) {
  const std::vector<TrustKey> trust = {parse_trust_key(GetParam().line, "keys/ci.pub")};
  EXPECT_EQ(verify_bundle(key_.sign_bundle(payload_), payload_, trust, "precheck"), "keys/ci.pub");
}

TEST_P(KeyTest, PutsItsFingerprintIntoHintAndKeyId) {
  const Json bundle = parse_json(key_.sign_bundle(payload_), "bundle");
  EXPECT_EQ(bundle["mediaType"].string(), "application/vnd.dev.sigstore.bundle.v0.3+json");
  EXPECT_EQ(bundle["verificationMaterial"]["publicKey"]["hint"].string(), GetParam().fingerprint);
  EXPECT_EQ(bundle["dsseEnvelope"]["signatures"].items().front()["keyid"].string(), GetParam().fingerprint);
  EXPECT_EQ(from_base64(bundle["dsseEnvelope"]["payload"].string()), payload_);
}

TEST_P(KeyTest, SignatureFailsOnAnyOtherMessageOrSignature) {
  const std::string signature = key_.sign("message");
  EXPECT_TRUE(is_signed_by(key_.public_pem(), "message", signature));
  EXPECT_FALSE(is_signed_by(key_.public_pem(), "messagf", signature));
  EXPECT_FALSE(is_signed_by(key_.public_pem(), "", signature));
  EXPECT_FALSE(is_signed_by(key_.public_pem(), "message", ""));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string other = signature;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(is_signed_by(key_.public_pem(), "message", other)) << i;
  }
}

/// Whose signature it is, or why it is none.
std::string refusal(const std::string& bundle, const std::string& payload, const std::vector<TrustKey>& trust) {
  std::string signer;
  const auto words =
      test::refusal(ExitCode::handoff, [&] { signer = verify_bundle(bundle, payload, trust, "precheck"); });
  return signer.empty() ? words : signer;
}

using test::says;

TEST(BundleTest, RefusesOtherBytesThanItSigned) {
  const SigningKey key(kEd25519);
  const std::vector<TrustKey> trust = {parse_trust_key(key.public_pem(), "a")};
  EXPECT_TRUE(says(refusal(key.sign_bundle("one"), "two", trust), "over other bytes"));
}

TEST(BundleTest, TriesEveryTrustedKeyWhateverTheKeyIdSays) {
  const SigningKey key(kEd25519);
  Json bundle = parse_json(key.sign_bundle("one"), "bundle");
  bundle["dsseEnvelope"]["signatures"].items().front()["keyid"] = "SHA256:someone else";
  const std::vector<TrustKey> trust = {parse_trust_key(SigningKey(kP256).public_pem(), "p256"),
                                       parse_trust_key(key.public_pem(), "ed25519")};
  EXPECT_EQ(refusal(to_text(bundle), "one", trust), "ed25519");
}

TEST(BundleTest, RefusesAKeyThatIsNotTrustedOrForAnotherStep) {
  const SigningKey key(kEd25519);
  EXPECT_TRUE(says(refusal(key.sign_bundle("one"), "one", {}), "no key that is trusted"));
  EXPECT_TRUE(
      says(refusal(key.sign_bundle("one"), "one", {parse_trust_key(SigningKey(kP256).public_pem(), "b")}), "no key"));
  EXPECT_TRUE(
      says(refusal(key.sign_bundle("one"), "one", {parse_trust_key(key.public_pem(), "a", "migrate")}), "no key"));
  EXPECT_EQ(refusal(key.sign_bundle("one"), "one", {parse_trust_key(key.public_pem(), "a", "precheck")}), "a");
}

TEST(BundleTest, RefusesTwoSignaturesAndNone) {
  const SigningKey key(kEd25519);
  const std::vector<TrustKey> trust = {parse_trust_key(key.public_pem(), "a")};
  Json bundle = parse_json(key.sign_bundle("one"), "bundle");
  Json& signatures = bundle["dsseEnvelope"]["signatures"];
  signatures.push_back(Json(signatures.items().front()));
  EXPECT_TRUE(says(refusal(to_text(bundle), "one", trust), "exactly one signature"));
  signatures = Json::array();
  EXPECT_TRUE(says(refusal(to_text(bundle), "one", trust), "exactly one signature"));
}

TEST(BundleTest, RefusesAnythingThatIsNoBundle) {
  const SigningKey key(kEd25519);
  const std::vector<TrustKey> trust = {parse_trust_key(key.public_pem(), "a")};
  const std::string good = key.sign_bundle("one");
  for (std::size_t length = 0; length + 2 < good.size(); length += 3) {
    EXPECT_NE(refusal(good.substr(0, length), "one", trust), "a") << length;
  }
  Json other = parse_json(good, "bundle");
  other["mediaType"] = "application/json";
  EXPECT_TRUE(says(refusal(to_text(other), "one", trust), "no sigstore bundle"));
  other = parse_json(good, "bundle");
  other["dsseEnvelope"]["payloadType"] = "text/plain";
  EXPECT_TRUE(says(refusal(to_text(other), "one", trust), "another type"));
}

TEST(TrustKeyTest, RefusesWhatIsNoPublicKeyOfTheTwoKinds) {
  const std::string damaged = std::string(sample::kEd25519Line).replace(30, 1, "B");
  for (const std::string& text :
       {std::string("ssh-rsa AAAAB3NzaC1yc2E="), std::string("ssh-ed25519"), std::string(""), damaged,
        std::string("ssh-ed25519 not*base64"), std::string("ssh-ed25519 AAAA/////w=="),
        std::string(sample::kP384Public), std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"),
        std::string(kEd25519)}) {
    EXPECT_TRUE(
        says(test::refusal(ExitCode::usage, [&] { return parse_trust_key(text, "keys/ci.pub"); }), "keys/ci.pub"))
        << text;
  }
}

TEST(SigningKeyTest, RefusesEncryptedAndForeignKeysWithoutShowingThem) {
  for (const std::string_view text :
       {sample::kEncrypted, sample::kP384Public,
        std::string_view("this is neither a key nor the path of a key, nor is it short")}) {
    const auto words = test::refusal(ExitCode::usage, [&] { return SigningKey(text); });
    EXPECT_NE(words, "taken") << text;
    EXPECT_FALSE(says(words, text.substr(30, 20)));
  }
}

/// Not a test of ours: writes a signed bundle for tests/handoff/sigstore-verify.sh, which asks npm's verifier.
TEST(Child, WritesFilesForTheForeignVerifier) {
  const char* folder = std::getenv("BATON_SIGSTORE_FOLDER");
  if (folder == nullptr) GTEST_SKIP() << "BATON_SIGSTORE_FOLDER is not set";
  const std::string payload = to_bytes(sample::handoff("precheck"));
  for (const auto& [name, secret] : {std::pair{"ed25519", kEd25519}, std::pair{"p256", kP256}}) {
    const SigningKey key(secret);
    std::ofstream(std::filesystem::path(folder) / (std::string(name) + ".sigstore.json")) << key.sign_bundle(payload);
    std::ofstream(std::filesystem::path(folder) / (std::string(name) + ".pem")) << key.public_pem();
  }
  std::ofstream(std::filesystem::path(folder) / "payload.json") << payload;
}

}  // namespace
}  // namespace baton
