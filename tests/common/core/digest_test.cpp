// Digests and encodings against published vectors.
#include "common/core/digest.h"

#include <gtest/gtest.h>

#include <set>

#include "common/core/error.h"

namespace baton {
namespace {

TEST(DigestTest, Sha256IsTheStandards) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestTest, PiecesGiveTheSameAsTheWhole) {
  Sha256 digest;
  digest.update("a");
  digest.update("");
  digest.update("bc");
  Sha256 moved = std::move(digest);
  EXPECT_EQ(moved.finish_hex(), sha256_hex("abc"));
}

TEST(DigestTest, Base64FollowsRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(DigestTest, Base64TakesTheUrlAlphabetAndNoPadding) {
  EXPECT_EQ(from_base64("-_8"), "\xfb\xff");
  EXPECT_EQ(from_base64("+/8="), "\xfb\xff");
}

TEST(DigestTest, WhatIsNotBase64IsRefused) {
  for (const char* text : {"A", "Zg=g", "Zg===", "Zm 9v", "Zm9v\n", "Zm9*", "===="})
    EXPECT_THROW(from_base64(text), Error) << text;
}

TEST(DigestTest, HexKeepsEveryBit) { EXPECT_EQ(to_hex(std::string("\x00\x0f\xf0\xff", 4)), "000ff0ff"); }

TEST(DigestTest, RandomTextsHaveTheirLengthAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_hex(8));
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_EQ(seen.begin()->size(), 16U);
}

TEST(DigestTest, ASha256TextHasExactly64HexadecimalDigits) {
  const std::string good = sha256_hex("");
  EXPECT_TRUE(is_sha256_hex(good));
  EXPECT_FALSE(is_sha256_hex(good.substr(1)));
  EXPECT_FALSE(is_sha256_hex(good + "0"));
  EXPECT_FALSE(is_sha256_hex("g" + good.substr(1)));
}

}  // namespace
}  // namespace baton
