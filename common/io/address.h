// IP addresses and networks, as texts name them.
#pragma once

#include <string_view>

namespace baton {

/// An IPv4 or IPv6 address without brackets or port; no name.
bool is_ip_address(std::string_view host);
/// 127.0.0.0/8, ::1, localhost and names below it.
bool is_loopback_host(std::string_view host);
/// `host` is an address inside `network`: "10.0.0.0/8", "fd00::/8" or a single address. False for names.
bool is_in_network(std::string_view host, std::string_view network);

}  // namespace baton
