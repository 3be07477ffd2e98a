// Foreign text made safe, and secrets taken out of it.
#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton {
namespace {

/// Which second byte may follow a first one of a range, and how long the sequence is.
struct Lead {
  unsigned first;
  unsigned last;
  unsigned second_low;
  unsigned second_high;
  std::size_t length;
};

// RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF.
constexpr auto kLeads = std::to_array<Lead>({{0x00, 0x7F, 0, 0, 1},
                                             {0xC2, 0xDF, 0x80, 0xBF, 2},
                                             {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                             {0xE1, 0xEC, 0x80, 0xBF, 3},
                                             {0xED, 0xED, 0x80, 0x9F, 3},
                                             {0xEE, 0xEF, 0x80, 0xBF, 3},
                                             {0xF0, 0xF0, 0x90, 0xBF, 4},
                                             {0xF1, 0xF3, 0x80, 0xBF, 4},
                                             {0xF4, 0xF4, 0x80, 0x8F, 4}});

/// Length of the UTF-8 sequence at the start of `text`, 0 when it is none.
std::size_t sequence_length(std::string_view text) {
  const auto is_within = [&](std::size_t i, unsigned low, unsigned high) {
    const auto byte = static_cast<unsigned char>(text[i]);
    return byte >= low && byte <= high;
  };
  const auto lead = std::find_if(kLeads.begin(), kLeads.end(),
                                 [&](const Lead& one) { return !text.empty() && is_within(0, one.first, one.last); });
  if (lead == kLeads.end() || text.size() < lead->length) return 0;
  if (lead->length > 1 && !is_within(1, lead->second_low, lead->second_high)) return 0;
  for (std::size_t i = 2; i < lead->length; ++i) {
    if (!is_within(i, 0x80, 0xBF)) return 0;
  }
  return lead->length;
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
  if (scheme == std::string_view::npos) return redact_parameters(url, kSpaces);
  const bool is_web = starts_with_icase(url, "http");
  const auto rest = url.substr(scheme + 3);
  const auto end = authority_end(rest);
  return std::string(url.substr(0, scheme + 3)) + redact_authority(rest.substr(0, end), is_web) +
         redact_parameters(rest.substr(end), "& \t\r\n");
}

}  // namespace baton
