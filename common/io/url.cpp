// Taking http and https URLs apart.
#include <charconv>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/http.h"

namespace baton {
namespace {

[[noreturn]] void bad(std::string_view url, const char* what) {
  throw Error(ExitCode::usage, "bad URL '" + printable(redact(url), 200) + "': " + what,
              "Write it as http://host:port/path.");
}

int port_of(std::string_view text, std::string_view url) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    bad(url, "the port is no number from 1 to 65535");
  return port;
}

}  // namespace

Url parse_url(std::string_view url) {
  Url parts;
  const auto scheme_end = url.find("://");
  parts.scheme = to_lower(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (parts.scheme != "http" && parts.scheme != "https"))
    bad(url, "it is neither http nor https");
  parts.port = parts.scheme == "https" ? 443 : 80;
  std::string_view rest = url.substr(scheme_end + 3);
  const auto path = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, path);
  rest = rest.substr(path, rest.find('#') - path);
  parts.path_and_query = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const bool bracketed = authority.starts_with('[');
  const auto host_end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) bad(url, "a bracket is not closed");
  parts.host = bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
  authority.remove_prefix(host_end + (bracketed ? 1 : 0));
  if (parts.host.empty()) bad(url, "it names no host");
  if (authority.starts_with(':')) parts.port = port_of(authority.substr(1), url);
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) bad(url, "it holds white space or a control character");
  }
  return parts;
}

}  // namespace baton
