// What is found where: trees, archives, histories, and what is said of what could not be read.
#include "tools/precheck/secrets/scan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/gzip.h"
#include "common/io/files.h"
#include "tests/precheck/secrets/planted.h"
#include "tests/support/archive.h"
#include "tools/precheck/secrets/tree.h"
#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {
namespace {

using test::planted_token;

/// A scan of one thing, and what it came to.
struct Scene {
  Secrets found{"shop"};
  Scan scan{found};

  Scene& file(const std::string& bytes, const std::string& path) {
    scan_file(scan, bytes, path, path);
    return *this;
  }
  std::vector<std::string> places() const {
    std::vector<std::string> all;
    for (const auto& secret : found.all()) all.push_back(secret.rule + " in " + secret.place);
    return all;
  }
};
using Places = std::vector<std::string>;

TEST(SecretScan, FindsATokenWithItsLineAndLengthAndNeverItsValue) {
  Scene scene;
  scene.file("a\nb\ntoken: " + planted_token() + "\n", "config/app.yaml");
  ASSERT_EQ(scene.places(), Places{"gitlab-trigger-token in config/app.yaml:3"});
  const auto secret = scene.found.all().front();
  EXPECT_EQ(secret.length, planted_token().size());
  EXPECT_EQ(secret.hash, secret_hash("shop", planted_token()));
  EXPECT_NE(secret.hash, secret_hash("other", planted_token()));
  EXPECT_NE(secret.hash, sha256_hex(planted_token())) << "a plain hash of a short secret is guessed";
}

TEST(SecretScan, OneValueInManyFilesIsOneFinding) {
  Scene scene;
  scene.file(planted_token(), "b.txt").file(planted_token(), "a.txt").file("x " + planted_token() + " y", "c.txt");
  EXPECT_EQ(scene.places(), Places{"gitlab-trigger-token in a.txt:1"});
  EXPECT_EQ(scene.found.all().front().places, 3U);
}

TEST(SecretScan, LetsStandInsAndReferencesPass) {
  Scene scene;
  const std::string prefix = std::string("gl") + "ptt-";
  scene.file(prefix + std::string(40, 'a') + "\n", "a.yaml");
  scene.file("password: ${DB_PASSWORD}\npassword: <your password>\npassword: changeme123X\napi_key: $KEY\n", "b.yaml");
  scene.file("secret_name: Zk3jf9sLq02mNv7x\ntoken_type: Zk3jf9sLq02mNv7x\n", "c.yaml");
  scene.file("commit: 3f786850e387550fdab836ed7e6dc881de23001b\n", "d.yaml");
  scene.file("std::string password = settings.find_password(name);\n", "e.cpp");
  EXPECT_EQ(scene.places(), Places{});
}

TEST(SecretScan, FindsAssignmentsThatNoIssuerShaped) {
  Scene scene;
  scene.file("db:\n  password: " + std::string("kT9#") + "vQ2mZx7w\n", "a.yaml");
  scene.file("const apiKey = \"" + std::string("q8Zt3") + "Lx0Vn5Kj2Wd9\";\n", "b.js");
  scene.file("- name: DB_PASSWORD\n  value: " + std::string("kT9#") + "vQ2mZx8w\n", "c.yaml");
  EXPECT_EQ(scene.places(), (Places{"generic-assignment in a.yaml:2", "generic-assignment in b.js:1",
                                    "generic-assignment in c.yaml:2"}));
  Scene lock;
  lock.file("token: " + std::string("q8Zt3") + "Lx0Vn5Kj2Wd9\n", "yarn.lock");
  EXPECT_EQ(lock.places(), Places{});
}

TEST(SecretScan, FindsPasswordsInAddressesAndLowersThoseOfTests) {
  Scene scene;
  const std::string address = "postgresql://app:" + std::string("kT9vQ") + "2mZx7w@db.internal:5432/shop";
  scene.file(address, "src/settings.py");
  EXPECT_EQ(scene.found.all().front().severity, Severity::live);
  Scene tests;
  tests.file(address, "tests/settings.py");
  EXPECT_EQ(tests.found.all().front().severity, Severity::low);
}

TEST(SecretScan, ASumThatDoesNotFitLowersAndOneThatFitsProves) {
  const std::string name = std::string("gh") + "p_";
  // Six letters of CRC32 in base62 over thirty.
  const std::string good = name + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17";
  const std::string bad = name + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq18";
  Scene scene;
  scene.file(bad, "a.txt");
  ASSERT_EQ(scene.found.all().size(), 1U);
  EXPECT_EQ(scene.found.all().front().severity, Severity::low);
  Scene proved;
  proved.file(good, "tests/a.txt");
  ASSERT_EQ(proved.found.all().size(), 1U);
  EXPECT_EQ(proved.found.all().front().severity, Severity::live);
}

TEST(SecretScan, FindsWhatLiesAcrossWindowsOnceWithItsLine) {
  for (const std::size_t before : {262'100UL, 262'144UL, 237'500UL, 500'000UL, 1'300'000UL}) {
    Scene scene;
    Unpacking of{.scan = scene.scan};
    const auto sink = open_sink(of, "big.txt", "big.txt");
    std::string text(before, 'x');
    for (std::size_t i = 99; i < text.size(); i += 100) text[i] = '\n';
    text += "\n" + planted_token() + "\n" + std::string(300'000, 'y');
    for (std::size_t at = 0; at < text.size(); at += 7001) sink->take(std::string_view(text).substr(at, 7001));
    sink->end();
    EXPECT_EQ(scene.places(), Places{"gitlab-trigger-token in big.txt:" + std::to_string(before / 100 + 2)}) << before;
    EXPECT_EQ(scene.found.all().front().places, 1U) << before;
  }
}

TEST(SecretScan, ReadsBinaryFilesAndUtf16) {
  Scene scene;
  scene.file(std::string("\0\1\2", 3) + planted_token() + std::string("\0", 1), "program");
  std::string wide = "\xFF\xFE";
  for (const char byte : planted_token("b")) wide += {byte, '\0'};
  scene.file(wide, "export.reg");
  EXPECT_EQ(scene.places(), (Places{"gitlab-trigger-token in export.reg:1", "gitlab-trigger-token in program"}));
}

std::string archive_with(const std::string& content) {
  return test::tar_member({.name = "app/.env", .content = content}) + test::tar_end();
}

TEST(SecretScan, ReadsArchivesInArchives) {
  Scene scene;
  scene.file(archive_with(planted_token()), "a.tar");
  scene.file(gzip(archive_with(planted_token("b"))), "b.tgz");
  scene.file(test::zstd(archive_with(gzip(archive_with(planted_token("c"))))), "c.tar.zst");
  EXPECT_EQ(scene.places(),
            (Places{"gitlab-trigger-token in a.tar!app/.env:1", "gitlab-trigger-token in b.tgz!app/.env:1",
                    "gitlab-trigger-token in c.tar.zst!app/.env!app/.env:1"}));
  EXPECT_TRUE(scene.scan.coverage.is_whole()) << scene.scan.coverage.unread_text();
}

TEST(SecretScan, ReadsZipsStoredAndDeflated) {
  Scene scene;
  scene.file(test::zip_of("a/.env", planted_token(), /*is_deflated=*/false), "a.jar");
  scene.file(test::zip_of("b/.env", planted_token("b"), /*is_deflated=*/true), "b.zip");
  EXPECT_EQ(scene.places(),
            (Places{"gitlab-trigger-token in a.jar!a/.env:1", "gitlab-trigger-token in b.zip!b/.env:1"}));
  EXPECT_TRUE(scene.scan.coverage.is_whole()) << scene.scan.coverage.unread_text();
}

TEST(SecretScan, WhatIsCutDamagedOrClosedIsCountedAsNotRead) {
  const auto packed = gzip(archive_with(planted_token()));
  const auto zip = test::zip_of("a/.env", planted_token(), /*is_deflated=*/true);
  for (const auto& bytes : {packed.substr(0, packed.size() - 9), packed.substr(0, 30), zip.substr(0, 40),
                            zip.substr(0, 60), archive_with("x").substr(0, 520),
                            std::string("\xFD"
                                        "7zXZ") +
                                std::string(600, 'x'),
                            std::string("PK\x03\x04") + std::string(100, '\xFF')}) {
    Scene scene;
    scene.file(bytes, "a");
    EXPECT_FALSE(scene.scan.coverage.is_whole()) << bytes.size();
  }
}

TEST(SecretScan, BombsEndAtTheirLimits) {
  std::string bomb(1U << 20U, '\0');
  for (int i = 0; i < 3; ++i) bomb = gzip(bomb);
  Scene deep;
  Unpacking shallow{.scan = deep.scan, .limits = {.depth = 2}};
  const auto sink = open_sink(shallow, "a", "a");
  sink->take(bomb);
  sink->end();
  EXPECT_NE(deep.scan.coverage.unread_text().find("too deep"), std::string::npos) << deep.scan.coverage.unread_text();

  Scene large;
  Unpacking small{.scan = large.scan, .limits = {.bytes = 100'000}};
  const auto other = open_sink(small, "a", "a");
  other->take(gzip(std::string(1U << 20U, 'x')));
  other->end();
  EXPECT_FALSE(large.scan.coverage.is_whole());

  Scene many;
  Unpacking few{.scan = many.scan, .limits = {.entries = 2}};
  const auto third = open_sink(few, "a", "a");
  third->take(test::tar_member({.name = "1", .content = "x"}) + test::tar_member({.name = "2", .content = "x"}) +
              test::tar_member({.name = "3", .content = "x"}) + test::tar_end());
  third->end();
  EXPECT_NE(many.scan.coverage.unread_text().find("more than 2 files"), std::string::npos);
}

TEST(SecretScan, ATreeHasItsIgnoredFilesAndNoLinksOutOfIt) {
  const TempFolder outside;
  const TempFolder folder;
  write_file(outside.path() / "secret.txt", planted_token());
  write_file(folder.path() / ".gitignore", ".env\n");
  write_file(folder.path() / ".env", planted_token("b"));
  write_file(folder.path() / "node_modules/x/index.js", planted_token("c"));
  fs::create_symlink(outside.path() / "secret.txt", folder.path() / "link");
  fs::create_directory_symlink(outside.path(), folder.path() / "folder");
  Secrets found("shop");
  const auto coverage = scan_tree(folder.path(), found, {});
  EXPECT_EQ(found.all().size(), 2U);
  EXPECT_EQ(coverage.files(), 3U);
  EXPECT_TRUE(coverage.is_whole());
}

TEST(SecretScan, AFolderThatIsNotThereIsAnError) {
  Secrets found("shop");
  EXPECT_THROW(scan_tree("/nowhere/at/all", found, {}), Error);
}

}  // namespace
}  // namespace baton::precheck::secrets
