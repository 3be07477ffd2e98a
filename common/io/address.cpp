// Reads addresses; IPv4 ones stand in IPv6's mapped range, so that one comparison does.
#include "common/io/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "common/core/text.h"

namespace baton {
namespace {

constexpr int kMappedBits = 96;
constexpr int kAddressBits = 128;

using Bytes = std::array<unsigned char, 16>;

struct Address {
  Bytes bytes{};
  bool is_v4 = false;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string name(text);
  Address address;
  if (::inet_pton(AF_INET6, name.c_str(), address.bytes.data()) == 1) return address;
  address = {.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, .is_v4 = true};
  if (::inet_pton(AF_INET, name.c_str(), address.bytes.data() + kMappedBits / 8) == 1) return address;
  return std::nullopt;
}

bool has_prefix(const Bytes& bytes, const Bytes& prefix, int bits) {
  const auto whole = bits / 8;
  if (!std::equal(prefix.begin(), prefix.begin() + whole, bytes.begin())) return false;
  if (bits % 8 == 0) return true;
  const int shift = 8 - bits % 8;
  const auto at = static_cast<std::size_t>(whole);
  return bytes.at(at) >> shift == prefix.at(at) >> shift;
}

}  // namespace

bool is_ip_address(std::string_view host) { return parse_address(host).has_value(); }

bool is_loopback_host(std::string_view host) {
  const std::string name = to_lower(host);
  return name == "localhost" || name.ends_with(".localhost") || is_in_network(name, "127.0.0.0/8") ||
         is_in_network(name, "::1");
}

bool is_in_network(std::string_view host, std::string_view network) {
  const auto slash = network.find('/');
  const auto address = parse_address(host);
  const auto base = parse_address(network.substr(0, slash));
  if (!address || !base) return false;
  if (slash == std::string_view::npos) return address->bytes == base->bytes;
  const std::string_view text = network.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const int most = base->is_v4 ? kAddressBits - kMappedBits : kAddressBits;
  if (error != std::errc{} || end != text.data() + text.size() || bits < 0 || bits > most) return false;
  return has_prefix(address->bytes, base->bytes, base->is_v4 ? bits + kMappedBits : bits);
}

}  // namespace baton
