// One block of tar that says which file follows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton::precheck::secrets {

constexpr std::size_t kTarBlock = 512;

struct TarHead {
  std::string name = {};
  std::uint64_t size = 0;
  char type = '0';

  /// Links, devices and folders have none, whatever their size says.
  bool has_body() const { return type != '1' && type != '2' && type != '3' && type != '4' && type != '5' && type != '6'; }
};

/// Nothing where the checksum does not fit: that is no head. `block` has 512 bytes.
std::optional<TarHead> parse_tar_head(std::string_view block);

struct PaxRecord {
  std::string name = {};
  std::optional<std::uint64_t> size = {};
};
/// "30 path=…\n" lines; what cannot be read is left out.
PaxRecord parse_pax(std::string_view text);

}  // namespace baton::precheck::secrets
