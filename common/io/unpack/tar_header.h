// One block of 512 bytes that begins an entry of an archive, and the records of pax that amend it.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/io/unpack/tar.h"

namespace baton {

constexpr std::size_t kTarBlock = 512;

/// What is wrong with the archive, without its name; thrown within the reader only.
class DamagedTar final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct TarHeader {
  char type = '0';  ///< as written: '0', '5', 'x', 'L', …
  TarEntry entry = {};
  bool has_sparse_map = false;  ///< GNU's old kind: blocks of its map follow before the content
};

/// Throws DamagedTar on a wrong checksum and on numbers that are none.
TarHeader parse_tar_header(std::string_view block);
bool is_zero_block(std::string_view block);
/// Whether one more block of GNU's old map of a sparse file follows this one.
bool sparse_map_goes_on(std::string_view block);

/// What pax says instead of the header.
struct PaxRecords {
  std::optional<std::string> path = {};
  std::optional<std::string> link = {};
  std::optional<std::int64_t> size = {};
};
/// "27 path=very/long/name\n" and so on; later ones win. Throws DamagedTar.
void read_pax(std::string_view text, PaxRecords& into);

}  // namespace baton
