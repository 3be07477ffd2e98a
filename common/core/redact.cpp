// Passwords and tokens in URLs and connection texts, replaced by ***.
#include "common/core/redact.h"

#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::array<std::string_view, 8> kSecretWords = {"pass", "pwd", "token", "secret",
                                                          "key",  "sig", "auth",  "cred"};

bool is_secret(std::string_view parameter) {
  const std::string name = to_lower(parameter);
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

constexpr std::string_view kSpaces = " \t\r\n";

/// Length of the value at the start of `text`: up to one of `ends`, or in libpq's quotes, where a backslash escapes.
std::size_t value_length(std::string_view text, std::string_view ends) {
  if (!text.starts_with('\'')) return std::min(text.find_first_of(ends), text.size());
  std::size_t at = 1;
  while (at < text.size() && text[at] != '\'') at += text[at] == '\\' ? std::size_t{2} : std::size_t{1};
  return std::min(at + 1, text.size());
}

/// "a=1&token=x" → "a=1&token=***"; also "password = 'x y' host=h". A secret goes up to one of `secret_ends`.
std::string redact_parameters(std::string_view text, std::string_view secret_ends) {
  std::string safe;
  while (true) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return safe + std::string(text);
    const auto before = trim(text.substr(0, equals));
    const auto start = before.find_last_of("?&# \t\r\n");
    const bool secret = is_secret(start == std::string_view::npos ? before : before.substr(start + 1));
    const auto value = std::min(text.find_first_not_of(kSpaces, equals + 1), text.size());
    const auto length = value_length(text.substr(value), secret ? secret_ends : "&# \t\r\n");
    safe += secret ? std::string(text.substr(0, value)) + "***" : std::string(text.substr(0, value + length));
    text.remove_prefix(value + length);
  }
}

/// Where host and port end. A password may hold '/', '?' and '#' unescaped, so where a user stands it is the last '@'
/// of all that ends the user's part: too much is hidden rather than too little.
std::size_t authority_end(std::string_view rest) {
  const auto slash = std::min(rest.find_first_of("/?#"), rest.size());
  const auto last_at = rest.rfind('@');
  const auto colon = rest.substr(0, slash).find_first_of(":@");
  if (last_at == std::string_view::npos || colon == std::string_view::npos) return slash;
  const auto port = rest.substr(colon + 1, slash - colon - 1);
  const bool is_port = rest[colon] == ':' && port.find_first_not_of("0123456789") == std::string_view::npos;
  const bool is_address = rest.starts_with('[') && rest.substr(0, slash).find('@') == std::string_view::npos;
  if (is_port || is_address) return slash;
  return std::min(rest.find_first_of("/?#", last_at), rest.size());
}

/// A lone user of a web server is a token.
std::string redact_authority(std::string_view authority, bool is_web) {
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(authority);
  const auto colon = authority.find(':');
  const std::string host(authority.substr(at));
  if (colon >= at) return (is_web ? std::string("***") : std::string(authority.substr(0, at))) + host;
  return std::string(authority.substr(0, colon)) + ":***" + host;
}

/// "user:password@host" of a URL that lacks its "://". A connection text has '=' and an image "@sha256:".
std::size_t end_of_bare_user(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || text.substr(at).starts_with("@sha256:")) return 0;
  const auto before = text.substr(0, at);
  const bool is_user = before.find(':') != std::string_view::npos && before.find_first_of("= \t\r\n") == before.npos;
  return is_user ? at : 0;
}

}  // namespace

std::string redact(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    const auto user_end = end_of_bare_user(url);
    return (user_end == 0 ? "" : "***") + redact_parameters(url.substr(user_end), kSpaces);
  }
  const bool is_web = starts_with_icase(url, "http");
  const auto rest = url.substr(scheme + 3);
  const auto end = authority_end(rest);
  return std::string(url.substr(0, scheme + 3)) + redact_authority(rest.substr(0, end), is_web) +
         redact_parameters(rest.substr(end), "& \t\r\n");
}

}  // namespace baton
