// CRC32 is written out here: zlib, which has one, has its home elsewhere.
#include "tools/precheck/secrets/checksums.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>

#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

std::uint32_t crc32(std::string_view text) {
  constexpr std::uint32_t kPolynomial = 0xEDB88320;
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : text) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
  }
  return ~crc;
}

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";

std::string number_in(std::string_view digits, std::uint64_t number, std::size_t width) {
  std::string text(width, digits.front());
  for (std::size_t i = width; i-- > 0 && number > 0; number /= digits.size()) text[i] = digits[number % digits.size()];
  return text;
}

Proof fits(bool holds) { return holds ? Proof::proved : Proof::doubtful; }

std::uint32_t bech32_step(std::uint32_t sum, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const auto top = sum >> 25U;
  sum = (sum & 0x1ffffffU) << 5U ^ value;
  for (std::size_t i = 0; i < kGenerator.size(); ++i) {
    if ((top >> i & 1U) != 0) sum ^= kGenerator.at(i);
  }
  return sum;
}

}  // namespace

Proof crc32_in_base62(std::string_view whole, std::string_view) {
  constexpr std::size_t kDigits = 6;
  const auto body = whole.substr(whole.find('_') + 1);
  if (body.size() <= kDigits) return Proof::doubtful;
  const auto text = body.substr(0, body.size() - kDigits);
  return fits(number_in(kBase62, crc32(text), kDigits) == body.substr(text.size()));
}

Proof gitlab_routable(std::string_view whole, std::string_view) {
  constexpr std::size_t kDigits = 7;
  constexpr std::size_t kLength = 2;
  if (whole.size() <= kDigits + kLength) return Proof::doubtful;
  const auto before = whole.substr(0, whole.size() - kDigits);
  return fits(number_in(kBase36, crc32(before), kDigits) == whole.substr(before.size()));
}

Proof grafana_crc32(std::string_view whole, std::string_view) {
  const auto cut = whole.rfind('_');
  if (cut == std::string_view::npos) return Proof::doubtful;
  const auto sum = crc32(whole.substr(0, cut));
  std::string text;
  for (unsigned shift = 0; shift < 32; shift += 8) text += fmt::format("{:02x}", sum >> shift & 0xFFU);
  return fits(text == whole.substr(cut + 1));
}

Proof cratesio_xor(std::string_view whole, std::string_view) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kBody = 32;
  if (whole.size() < kBody) return Proof::doubtful;
  const auto body = whole.substr(whole.size() - kBody);
  unsigned sum = 0;
  for (const char byte : body.substr(0, kBody - 1)) sum ^= static_cast<unsigned char>(byte);
  return fits(kLetters[sum % kLetters.size()] == body.back());
}

Proof bech32(std::string_view whole, std::string_view) {
  constexpr std::string_view kLetters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const auto text = to_lower(whole);
  const auto cut = text.rfind('1');
  if (cut == std::string::npos) return Proof::doubtful;
  std::uint32_t sum = 1;
  for (const char byte : text.substr(0, cut)) sum = bech32_step(sum, static_cast<unsigned char>(byte) >> 5U);
  sum = bech32_step(sum, 0);
  for (const char byte : text.substr(0, cut)) sum = bech32_step(sum, static_cast<unsigned char>(byte) & 31U);
  for (const char byte : text.substr(cut + 1)) sum = bech32_step(sum, static_cast<std::uint32_t>(kLetters.find(byte)));
  return fits(sum == 1);
}

}  // namespace baton::precheck::secrets
