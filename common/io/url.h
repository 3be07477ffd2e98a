// http and https URLs, taken apart and put together.
#pragma once

#include <string>
#include <string_view>

namespace baton {

struct Url {
  std::string scheme;          ///< lower case
  std::string user_info = {};  ///< as written, percent-encoded
  std::string host;            ///< lower case, without brackets
  int port = 0;                ///< the scheme's own when not written
  std::string path_and_query = "/";

  /// "host:port" with an IPv6 host in brackets, as CONNECT and a proxied request name it.
  std::string authority() const;
  /// authority() without the scheme's own port, as Host has it.
  std::string host_header() const;
  bool is_same_origin(const Url& other) const;
};

/// http and https; Error{usage} on anything else.
Url parse_url(std::string_view url);
/// What `location` means in an answer from `from` (RFC 3986, 5.2, without dot segments).
std::string resolve_location(const Url& from, std::string_view location);
/// "%40" becomes "@"; a "%" that starts no such thing stays.
std::string percent_decode(std::string_view text);

}  // namespace baton
