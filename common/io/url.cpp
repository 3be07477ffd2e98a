// Taking http and https URLs apart.
#include "common/io/url.h"

#include <algorithm>
#include <charconv>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"

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

void check_characters(std::string_view url) {
  const bool is_printable = std::ranges::all_of(url, [](unsigned char c) { return c > 0x20 && c != 0x7F; });
  if (!is_printable) bad(url, "it holds white space or a control character");
}

/// Splits "user@host:port" into the URL's parts.
void take_authority(std::string_view authority, std::string_view url, Url& parts) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const bool bracketed = authority.starts_with('[');
  const auto end = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) bad(url, "a bracket is not closed");
  parts.host = to_lower(bracketed ? authority.substr(1, end - 1) : authority.substr(0, end));
  if (parts.host.empty()) bad(url, "it names no host");
  const std::string_view rest = authority.substr(end + (bracketed ? 1 : 0));
  if (rest.starts_with(':')) {
    parts.port = port_of(rest.substr(1), url);
  } else if (!rest.empty()) {
    bad(url, "something stands between the host and the port");
  }
}

int own_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

/// The length of "scheme:" at the start, 0 when there is none.
std::size_t scheme_length(std::string_view location) {
  const auto colon = location.find_first_of(":/?#");
  return colon != std::string_view::npos && colon > 0 && location[colon] == ':' ? colon + 1 : 0;
}

}  // namespace

std::string Url::authority() const {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string Url::host_header() const {
  const std::string all = authority();
  return port == own_port(scheme) ? all.substr(0, all.rfind(':')) : all;
}

bool Url::is_same_origin(const Url& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

Url parse_url(std::string_view url) {
  check_characters(url);
  Url parts;
  const auto scheme_end = url.find("://");
  parts.scheme = to_lower(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (parts.scheme != "http" && parts.scheme != "https"))
    bad(url, "it is neither http nor https");
  parts.port = own_port(parts.scheme);
  const std::string_view rest = url.substr(scheme_end + 3);
  const auto path = std::min(rest.find_first_of("/?#"), rest.size());
  take_authority(rest.substr(0, path), url, parts);
  const std::string_view target = rest.substr(path, rest.find('#', path) - path);
  parts.path_and_query = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return parts;
}

std::string resolve_location(const Url& from, std::string_view location) {
  if (scheme_length(location) > 0) return std::string(location);
  if (location.starts_with("//")) return from.scheme + ":" + std::string(location);
  const std::string origin = from.scheme + "://" + from.authority();
  if (location.starts_with('/')) return origin + std::string(location);
  const std::string path = from.path_and_query.substr(0, from.path_and_query.find('?'));
  if (location.starts_with('?')) return origin + path + std::string(location);
  return origin + path.substr(0, path.rfind('/') + 1) + std::string(location);
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned char byte = 0;
    const std::string_view digits = text.substr(at + 1, text[at] == '%' ? 2 : 0);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    const bool is_encoded = digits.size() == 2 && error == std::errc{} && end == digits.data() + 2;
    decoded += is_encoded ? static_cast<char>(byte) : text[at];
    if (is_encoded) at += 2;
  }
  return decoded;
}

}  // namespace baton
