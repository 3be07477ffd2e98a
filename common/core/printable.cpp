// Foreign text made safe, and secrets taken out of it.
#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton {
namespace {

/// Length of the UTF-8 sequence at the start of `text`, 0 when it is none (RFC 3629: no overlong forms, no surrogates).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) { return byte(i) >= low && byte(i) <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first < 0xF0 || first > 0xF4) return 0;
  const unsigned low = first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
  return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
}

/// C0, DEL and C1: what moves a terminal's cursor or changes its colours.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence.front());
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

void append_hex(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
}

constexpr std::array<std::string_view, 8> kSecretParameters = {"password", "passwd", "token",     "secret",
                                                               "key",      "sig",    "signature", "auth"};

bool is_secret(std::string_view parameter) {
  const std::string name = to_lower(parameter);
  return std::any_of(kSecretParameters.begin(), kSecretParameters.end(),
                     [&](std::string_view secret) { return name.find(secret) != std::string::npos; });
}

/// "a=1&token=x" → "a=1&token=***".
std::string redact_parameters(std::string_view query, char separator) {
  std::vector<std::string> pieces = split(query, separator);
  for (auto& piece : pieces) {
    const auto equals = piece.find('=');
    if (equals != std::string::npos && is_secret(piece.substr(0, equals))) piece = piece.substr(0, equals + 1) + "***";
  }
  return join(pieces, std::string_view(&separator, 1));
}

std::string redact_authority(std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return std::string(authority);
  const auto user = authority.substr(0, std::min(authority.find(':'), at));
  const bool has_password = user.size() < at;
  return std::string(user) + (has_password ? ":***" : "") + std::string(authority.substr(at));
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text, std::size_t max) {
  std::string safe;
  while (!text.empty()) {
    if (safe.size() >= max) return safe + "…";
    // A CI host would take "::" at a line's start for a command; a tab is the only control character that does no harm.
    if (safe.empty() && text.starts_with("::")) safe += ' ';
    const auto length = sequence_length(text);
    if (length == 0) {
      safe += "\xEF\xBF\xBD";
    } else if (text.front() == '\t') {
      safe += ' ';
    } else if (is_control(text.substr(0, length))) {
      append_hex(safe, text[length - 1]);
    } else {
      safe += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return safe;
}

std::string redact(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return redact_parameters(url, ' ');
  std::string safe(url.substr(0, scheme + 3));
  url.remove_prefix(scheme + 3);
  // A password may hold '/' or '?' unescaped: the last '@' before the query's values ends it at the latest.
  const auto at = url.rfind('@');
  const auto from = at == std::string_view::npos || url.substr(0, at).find("=") != std::string_view::npos ? 0 : at;
  const auto authority_end = std::min(url.find_first_of("/?#", from), url.size());
  safe += redact_authority(url.substr(0, authority_end));
  url.remove_prefix(authority_end);
  const auto query = url.find('?');
  if (query == std::string_view::npos) return safe + std::string(url);
  return safe + std::string(url.substr(0, query + 1)) + redact_parameters(url.substr(query + 1), '&');
}

}  // namespace baton
