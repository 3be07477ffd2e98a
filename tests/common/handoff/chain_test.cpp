// The read order: what stops a step from going on, and which reason comes first.
#include "common/handoff/chain.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "tests/common/handoff/sample.h"
#include "tests/common/handoff/test_keys.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

/// precheck.json and migrate.json as switch finds them.
struct Folder {
  Handoff precheck = sample::handoff("precheck");
  Handoff migrate = sample::after("migrate", "precheck", "");
  std::optional<std::string> bundle = {};
  ChainRequest request = {.step = "switch",
                          .wanted_previous = "migrate",
                          .release = sample::release(),
                          .target = {.cluster_uid = "uid-1", .namespace_ = "production"},
                          .image_sha256 = std::string(sample::kImage),
                          .accepted = {Verdict::proceed, Verdict::caution},
                          .now = sample::at("2025-11-04T15:00:00Z"),
                          .valid_for = std::chrono::hours(2)};

  std::string migrate_bytes() {
    if (migrate.previous_sha256.empty()) migrate.previous_sha256 = sha256_hex(to_bytes(precheck));
    return to_bytes(migrate);
  }
  Previous read() {
    return read_previous(request, {".baton/migrate.json", migrate_bytes(), bundle},
                         {{".baton/precheck.json", to_bytes(precheck)}});
  }
};

/// Whoever is refused is told what to do.
std::string refusal(const std::function<void()>& act) {
  const auto error = test::refused(act);
  if (!error) return "taken";
  EXPECT_EQ(error->code(), ExitCode::handoff);
  EXPECT_FALSE(error->hint().empty());
  return error->what();
}

std::string refusal_of(Folder folder) {
  return refusal([&] { folder.read(); });
}

using test::says;

TEST(ChainTest, TakesThePreviousStepAndTellsWhatItLedTo) {
  const Previous previous = Folder().read();
  EXPECT_EQ(previous.handoff.step, "migrate");
  ASSERT_EQ(previous.earlier.size(), 1U);
  EXPECT_EQ(previous.earlier.front().step, "precheck");
  EXPECT_TRUE(previous.not_compared.empty());
}

TEST(ChainTest, RefusesAMissingFile) {
  const Folder folder;
  EXPECT_EQ(refusal([&] {
              read_previous(folder.request, {".baton/migrate.json", std::nullopt}, {});
            }),
            "there is no handoff of migrate: '.baton/migrate.json' does not exist");
}

TEST(ChainTest, RefusesWhatIsNoJson) {
  const Folder folder;
  EXPECT_TRUE(says(refusal([&] { read_previous(folder.request, {"m.json", "{"}, {}); }), "m.json"));
}

TEST(ChainTest, RefusesAnUnsignedFileWhereKeysAreTrusted) {
  Folder folder;
  const SigningKey key(sample::kEd25519);
  folder.request.trust = {parse_trust_key(key.public_pem(), "ci.pub")};
  EXPECT_TRUE(says(refusal_of(folder), "is not signed"));
  folder.bundle = key.sign_bundle(folder.migrate_bytes());
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.migrate.verdict = Verdict::caution;
  EXPECT_TRUE(says(refusal_of(folder), "over other bytes"));
}

TEST(ChainTest, RefusesAKeyThatIsTrustedForAnotherStepOnly) {
  Folder folder;
  const SigningKey key(sample::kEd25519);
  folder.request.trust = {parse_trust_key(key.public_pem(), "ci.pub", "precheck")};
  folder.bundle = key.sign_bundle(folder.migrate_bytes());
  EXPECT_TRUE(says(refusal_of(folder), "no key that is trusted for 'migrate'"));
}

TEST(ChainTest, RefusesAnotherDigestThanTheOtherChannels) {
  Folder folder;
  folder.request.digest_by_other_channel = sha256_hex(folder.migrate_bytes());
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.digest_by_other_channel = sha256_hex("x");
  EXPECT_TRUE(says(refusal_of(folder), "has been altered"));
}

TEST(ChainTest, RefusesASwappedStep) {
  Folder folder;
  EXPECT_TRUE(says(refusal([&] {
                     read_previous(folder.request, {"m.json", to_bytes(folder.precheck)}, {});
                   }),
                   "out of order"));
}

TEST(ChainTest, LetsFinalizeFollowAnyStepBeforeIt) {
  Folder folder;
  folder.request.step = "finalize";
  folder.request.wanted_previous = "";
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.step = "migrate";
  EXPECT_TRUE(says(refusal_of(folder), "out of order"));
}

TEST(ChainTest, RefusesAnAlteredFileFurtherBack) {
  Folder folder;
  folder.migrate_bytes();
  folder.precheck.verdict = Verdict::caution;
  EXPECT_TRUE(says(refusal_of(folder), "chain is broken"));
}

TEST(ChainTest, RefusesAChainWithAMissingFileUnlessItResumes) {
  Folder folder;
  const PreviousFile file{".baton/migrate.json", folder.migrate_bytes()};
  const std::vector<PreviousFile> none = {{".baton/precheck.json", std::nullopt}};
  EXPECT_TRUE(says(refusal([&] { read_previous(folder.request, file, none); }), "is missing"));
  folder.request.resuming = true;
  EXPECT_EQ(read_previous(folder.request, file, none).not_compared, std::vector<std::string>{"chain"});
}

TEST(ChainTest, RefusesAStepThatFollowedNothingUnlessItStoodAlone) {
  Folder folder;
  folder.migrate.previous_step = "";
  const auto read = [&] { read_previous(folder.request, {"m.json", to_bytes(folder.migrate)}, {}); };
  EXPECT_TRUE(says(refusal(read), "names no step before it"));
  folder.migrate.standalone = true;
  EXPECT_EQ(refusal(read), "taken");
}

TEST(ChainTest, RefusesAnEarlierFileOfAnotherDeployment) {
  Folder folder;
  folder.precheck.release.id = "other";
  EXPECT_TRUE(says(refusal_of(folder), "of another step or deployment"));
}

struct Foreign {
  std::string_view what;
  void (*change)(ChainRequest&);
};

class ForeignTest : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignTest, IsRefusedByName) {
  Folder folder;
  GetParam().change(folder.request);
  EXPECT_TRUE(says(refusal_of(folder), "is for another " + std::string(GetParam().what))) << refusal_of(folder);
}

INSTANTIATE_TEST_SUITE_P(ChainTest, ForeignTest,
                         testing::Values(Foreign{"app", [](ChainRequest& r) { r.release.app = "other"; }},
                                         Foreign{"release", [](ChainRequest& r) { r.release.version = "v1.6.1"; }},
                                         Foreign{"environment",
                                                 [](ChainRequest& r) { r.release.environment = "staging"; }},
                                         Foreign{"deployment", [](ChainRequest& r) { r.release.id = "other"; }},
                                         Foreign{"commit", [](ChainRequest& r) { r.release.commit = "decaf"; }},
                                         Foreign{"image", [](ChainRequest& r) { r.image_sha256 = sha256_hex("x"); }},
                                         Foreign{"cluster", [](ChainRequest& r) { r.target.cluster_uid = "uid-2"; }},
                                         Foreign{"namespace", [](ChainRequest& r) { r.target.namespace_ = "staging"; }},
                                         Foreign{"database",
                                                 [](ChainRequest& r) {
                                                   r.database_only = true;
                                                   r.target.database = "postgresql://db:5432/other";
                                                 }}),
                         [](const auto& row) { return std::string(row.param.what); });

TEST(ChainTest, RecordsWhatOneSideDoesNotKnowAsNotCompared) {
  Folder folder;
  folder.request.release.commit = "";
  folder.request.target = {};
  EXPECT_EQ(folder.read().not_compared, (std::vector<std::string>{"commit", "cluster", "namespace"}));
}

TEST(ChainTest, ComparesOnlyTheDatabaseForMigrate) {
  Folder folder;
  folder.request.database_only = true;
  folder.request.target = {.cluster_uid = "another", .database = "postgresql://db:5432/shop"};
  folder.request.image_sha256 = "";
  EXPECT_TRUE(folder.read().not_compared.empty());
}

TEST(ChainTest, ExpiresByOurOwnLimitAndByTheFilesOwn) {
  Folder folder;
  folder.request.now = sample::at("2025-11-04T16:05:00.250Z");
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.now += Duration(1);
  EXPECT_TRUE(says(refusal_of(folder), "has expired"));
  folder.request.resuming = true;
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.resuming = false;
  folder.request.valid_for = {};
  folder.request.now = sample::at("2025-11-04T18:05:00Z");
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.now += Duration(1);
  EXPECT_TRUE(says(refusal_of(folder), "has expired"));
}

TEST(ChainTest, RefusesWhatEndedInTheFuture) {
  Folder folder;
  folder.migrate.finished_at = folder.request.now + std::chrono::minutes(5);
  EXPECT_EQ(refusal_of(folder), "taken") << "clocks differ a little";
  folder.migrate.finished_at += Duration(1);
  EXPECT_TRUE(says(refusal_of(folder), "is of the future"));
  folder.request.resuming = true;
  EXPECT_TRUE(says(refusal_of(folder), "is of the future"));
  folder.request.resuming = false;
  folder.migrate.expires_at = {};
  folder.request.valid_for = {};
  EXPECT_TRUE(says(refusal_of(folder), "is of the future"));
}

TEST(ChainTest, LetsOnlyAcceptedVerdictsGoOn) {
  for (const Verdict verdict : {Verdict::stop, Verdict::unknown, Verdict::rolled_back, Verdict::rollback_failed,
                                Verdict::again, Verdict::superseded}) {
    Folder folder;
    folder.migrate.verdict = verdict;
    EXPECT_TRUE(says(refusal_of(folder), verdict == Verdict::again
                                             ? "migrate has not ended"
                                             : "migrate said '" + std::string(verdict_name(verdict)) + "': that does"));
  }
  Folder folder;
  folder.migrate.verdict = Verdict::caution;
  EXPECT_EQ(refusal_of(folder), "taken");
  folder.request.accepted = {Verdict::proceed};
  EXPECT_TRUE(says(refusal_of(folder), "does not let us go on"));
}

TEST(ChainTest, NamesTheFirstReasonInTheContractsOrder) {
  Folder folder;
  folder.request.digest_by_other_channel = sha256_hex("x");
  folder.request.release.version = "v9";
  folder.request.now = sample::at("2026-01-01T00:00:00Z");
  folder.migrate.verdict = Verdict::stop;
  EXPECT_TRUE(says(refusal_of(folder), "has been altered"));
  folder.request.digest_by_other_channel = "";
  EXPECT_TRUE(says(refusal_of(folder), "another release"));
  folder.request.release.version = "v1.6.0";
  EXPECT_TRUE(says(refusal_of(folder), "has expired"));
  folder.request.now = sample::at("2025-11-04T15:00:00Z");
  EXPECT_TRUE(says(refusal_of(folder), "migrate said 'stop'"));
}

/// One flipped byte anywhere is found by the digest of the other channel.
TEST(ChainTest, FindsOneFlippedByteAnywhereByTheOtherChannel) {
  Folder folder;
  const std::string good = folder.migrate_bytes();
  folder.request.digest_by_other_channel = sha256_hex(good);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_NE(refusal([&] {
                read_previous(folder.request, {"m.json", bad}, {{"p.json", to_bytes(folder.precheck)}});
              }),
              "taken")
        << i;
  }
}

}  // namespace
}  // namespace baton
