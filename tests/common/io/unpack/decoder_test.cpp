// Packed bytes made whole as they come, and what is refused of them.
#include "common/io/unpack/decoder.h"

#include <gtest/gtest.h>

#include "common/core/gzip.h"
#include "tests/support/archive.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

struct Unpacked {
  std::string bytes = {};
  Packing packing = Packing::none;
};

Unpacked unpack(const std::string& packed, std::size_t piece, UnpackLimits limits = {}) {
  Unpacked unpacked;
  Decoder decoder(
      "layer x", [&](std::string_view bytes) { unpacked.bytes += bytes; }, limits);
  for (std::size_t at = 0; at < packed.size(); at += piece) decoder.feed(std::string_view(packed).substr(at, piece));
  decoder.finish();
  EXPECT_EQ(decoder.packed_bytes(), static_cast<std::int64_t>(packed.size()));
  EXPECT_EQ(decoder.unpacked_bytes(), static_cast<std::int64_t>(unpacked.bytes.size()));
  unpacked.packing = decoder.packing();
  return unpacked;
}

std::string reason(const std::string& packed, UnpackLimits limits = {}) {
  return test::refusal_and_hint(ExitCode::unknown, [&] { unpack(packed, 1000, limits); });
}

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i * 7919 % 10007) + " ";
  return text;
}

class DecoderTest : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Pieces, DecoderTest, testing::Values(1U, 3U, 1000U, 1U << 20U));

TEST_P(DecoderTest, GivesBackWhatWasPacked) {
  const auto text = numbers(50'000);
  for (const auto& [packed, packing] :
       {std::pair{text, Packing::none}, {gzip(text), Packing::gzip}, {test::zstd(text), Packing::zstd}}) {
    const auto unpacked = unpack(packed, GetParam());
    EXPECT_EQ(unpacked.bytes, text) << packing_name(packing);
    EXPECT_EQ(unpacked.packing, packing);
  }
}

TEST_P(DecoderTest, ReadsMembersAndFramesOneBehindTheOther) {
  EXPECT_EQ(unpack(gzip("one ") + gzip("") + gzip("two"), GetParam()).bytes, "one two");
  // A skippable frame of three bytes (RFC 8878, 3.1.2).
  const std::string skippable("\x51\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  EXPECT_EQ(unpack(skippable + test::zstd("one ") + skippable + test::zstd("two"), GetParam()).bytes, "one two");
}

TEST_P(DecoderTest, PassesOverZerosBehindGzip) {
  EXPECT_EQ(unpack(gzip("one") + std::string(700, '\0'), GetParam()).bytes, "one");
}

TEST(DecoderTest, TakesBytesTooShortForAMagicAsTheyAre) {
  EXPECT_EQ(unpack("", 1).bytes, "");
  EXPECT_EQ(unpack("ab", 1).bytes, "ab");
  EXPECT_EQ(unpack("\x1f\x8b", 1).packing, Packing::none);
}

TEST(DecoderTest, RefusesWhatEndsTooEarly) {
  for (const auto& [packed, name] : {std::pair{gzip(numbers(1000)), "gzip"}, {test::zstd(numbers(1000)), "zstd"}}) {
    const auto wanted = std::string("layer x: its ") + name + " data ends too early";
    EXPECT_TRUE(reason(packed.substr(0, packed.size() - 1)).starts_with(wanted)) << packed.size();
    EXPECT_NE(reason(packed.substr(0, 6)).find("ends too early"), std::string::npos);
  }
}

TEST(DecoderTest, RefusesDamagedBytes) {
  auto packed = gzip(numbers(1000));
  packed[packed.size() - 6] ^= 1;  // of its checksum
  EXPECT_NE(reason(packed).find("layer x: its gzip data is damaged"), std::string::npos);
  auto frame = test::zstd(numbers(1000));
  frame[frame.size() / 2] ^= 0x55;
  EXPECT_NE(reason(frame).find("layer x: its zstd data cannot be read: "), std::string::npos);
}

TEST(DecoderTest, RefusesWhatFollowsThePackedData) {
  EXPECT_NE(reason(gzip("one") + std::string(10, '\0') + "x").find("followed by something else"), std::string::npos);
  EXPECT_NE(reason(gzip("one") + "tail").find("gzip data is damaged"), std::string::npos);
  EXPECT_NE(reason(test::zstd("one") + "tail").find("zstd data cannot be read"), std::string::npos);
}

TEST(DecoderTest, UnpacksNoMoreThanItsLimit) {
  const auto text = numbers(1000);
  const auto size = static_cast<std::int64_t>(text.size());
  EXPECT_EQ(unpack(gzip(text), 100, {.max_bytes = size}).bytes, text);
  EXPECT_NE(reason(gzip(text), {.max_bytes = size - 1}).find("unpacks to more than the limit of"), std::string::npos);
  EXPECT_NE(reason(text, {.max_bytes = size - 1}).find("unpacks to more than the limit of"), std::string::npos);
}

TEST(DecoderTest, RefusesABombByItsRatio) {
  const auto bomb = test::zstd(std::string(8U << 20U, '\0'), 19);
  const UnpackLimits from_a_megabyte{.max_ratio = 1100, .ratio_from = 1 << 20};
  EXPECT_NE(reason(bomb, from_a_megabyte).find("each of its bytes unpacks to more than 1100"), std::string::npos);
  EXPECT_EQ(unpack(bomb, 1000).bytes.size(), 8U << 20U) << "so little of it harms nobody";
  // What gzip packs best passes.
  EXPECT_EQ(unpack(gzip(std::string(8U << 20U, '\0')), 1000, from_a_megabyte).bytes.size(), 8U << 20U);
}

TEST(DecoderTest, TakesNoWindowOfMoreThan32Megabytes) {
  EXPECT_EQ(unpack(test::zstd("small", 3, 25), 1000).bytes, "small");
  EXPECT_NE(reason(test::zstd("small", 3, 26)).find("too much memory"), std::string::npos);
}

TEST(DecoderTest, WhatTakesThrowsComesThrough) {
  Decoder decoder("layer x", [](std::string_view) { throw Error(ExitCode::stop, "enough"); });
  EXPECT_EQ(test::refusal_and_hint(ExitCode::stop, [&] { decoder.feed(gzip("text")); }).substr(0, 6), "enough");
}

}  // namespace
}  // namespace baton
