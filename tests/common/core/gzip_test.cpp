// Compressed and whole again; what is damaged or too large is refused.
#include "common/core/gzip.h"

#include <gtest/gtest.h>

#include "tests/support/refusal.h"

namespace baton {
namespace {

using test::message_of;

std::string text() {
  std::string text;
  for (int line = 0; line < 20'000; ++line) text += "line " + std::to_string(line) + "\n";
  return text;
}

TEST(GzipTest, IsWholeAgain) {
  for (const auto& bytes : {std::string(), std::string("\0x", 2), text()}) {
    const auto packed = gzip(bytes);
    EXPECT_TRUE(packed.starts_with("\x1f\x8b")) << "what gunzip reads";
    EXPECT_EQ(gunzip(packed, bytes.size()), bytes);
  }
  EXPECT_LT(gzip(text()).size(), text().size() / 3);
}

TEST(GzipTest, RefusesWhatIsDamaged) {
  const auto packed = gzip(text());
  auto altered = packed;
  altered[altered.size() / 2] ^= 1;
  for (const auto& bad : {std::string(), std::string("no gzip"), altered, packed + "more",
                          packed.substr(0, packed.size() - 1), packed.substr(0, 5)})
    EXPECT_EQ(message_of([&] { gunzip(bad, 1U << 20U); }), "compressed data is damaged");
}

TEST(GzipTest, HoldsNoMoreThanItsLimit) {
  const auto bomb = gzip(std::string(100U << 20U, 'a'));
  EXPECT_EQ(message_of([&] { gunzip(bomb, 1000); }), "compressed data holds more than 1000 bytes");
  EXPECT_EQ(message_of([&] { gunzip(gzip("four"), 3); }), "compressed data holds more than 3 bytes");
}

}  // namespace
}  // namespace baton
