// Blocks of tar, frames of zstd.
#include "tests/support/archive.h"

#include <fmt/format.h>
#include <zstd.h>

#include <stdexcept>

namespace baton::test {
namespace {

constexpr std::size_t kBlock = 512;

void put(std::string& block, std::size_t at, std::string_view text) { block.replace(at, text.size(), text); }

}  // namespace

void sign_tar_header(std::string& block) {
  put(block, 148, "        ");
  unsigned sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>(block[i]);
  put(block, 148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
}

std::string tar_member(const Member& member) {
  std::string block(kBlock, '\0');
  put(block, 0, member.name.substr(0, 100));
  put(block, 100, fmt::format("{:07o}", member.mode));
  put(block, 124,
      fmt::format("{:011o}", member.size < 0 ? static_cast<std::int64_t>(member.content.size()) : member.size));
  block[156] = member.type;
  put(block, 157, member.link.substr(0, 100));
  put(block, 257, member.magic);
  put(block, 345, member.prefix);
  sign_tar_header(block);
  block += member.content;
  block.resize((block.size() + kBlock - 1) / kBlock * kBlock);
  return block;
}

std::string tar_end() { return std::string(2 * kBlock, '\0'); }

std::string pax_record(const std::string& key, const std::string& value) {
  const auto rest = " " + key + "=" + value + "\n";
  auto length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

std::string zstd(std::string_view bytes, int level, int window_log) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  auto* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  // As streams are written: of bytes whose end is not known yet a frame has the whole window.
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_continue);
  const auto left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
  ZSTD_freeCCtx(context);
  if (left != 0) throw std::runtime_error("zstd did not compress to the end");
  packed.resize(out.pos);
  return packed;
}

}  // namespace baton::test
