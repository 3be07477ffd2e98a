// Archives written by hand, so that a test may write them wrongly too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baton::test {

struct Member {
  std::string name;
  std::string content = {};
  char type = '0';
  std::string link = {};
  std::string prefix = {};
  std::string_view magic = "ustar";  ///< GNU's: "ustar  "
  std::int64_t size = -1;            ///< as it is written in the header; negative: the content's
  unsigned mode = 0644;
};

/// A header and its content, filled up to the block.
std::string tar_member(const Member& member);
/// The header's sum over its bytes made right again.
void sign_tar_header(std::string& block);
/// Two empty blocks.
std::string tar_end();
/// "27 path=very/long/name\n"
std::string pax_record(const std::string& key, const std::string& value);
/// One frame of zstd. A `window_log` of 0 is what the level asks for.
std::string zstd(std::string_view bytes, int level = 3, int window_log = 0);

}  // namespace baton::test
