// The table of checks by the names that rules.txt gives them.
#include "tools/precheck/secrets/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "tools/precheck/secrets/checksums.h"
#include "tools/precheck/secrets/values.h"

namespace baton::precheck::secrets {
namespace {

/// Nothing where it is no base64.
std::string decoded(std::string_view text) {
  try {
    return from_base64(text);
  } catch (const Error&) {
    return {};
  }
}

bool is_printable_text(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return byte >= 0x20 && byte < 0x7F; });
}

Proof proof_of(bool holds) { return holds ? Proof::proved : Proof::refused; }

/// "user:password" of which the password is one.
Proof user_and_password(std::string_view whole, std::string_view value) {
  const auto text = decoded(value.empty() ? whole : value);
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon + 1 >= text.size() || !is_printable_text(text)) return Proof::refused;
  return proof_of(!is_placeholder(std::string_view(text).substr(colon + 1)));
}

Proof jwt_header(std::string_view whole, std::string_view) {
  const auto begin = whole.find("eyJ");
  if (begin == std::string_view::npos) return Proof::refused;
  try {
    const auto header = parse_json(from_base64(whole.substr(begin, whole.find('.', begin) - begin)), "header");
    return proof_of(header.is_object() && (header.find("alg") != nullptr || header.find("typ") != nullptr));
  } catch (const Error&) {
    return Proof::refused;
  }
}

/// The armour's text without what is between its lines.
std::string key_bytes(std::string_view value) {
  std::string text;
  const auto begin = value.find("KEY-----");
  for (std::size_t i = begin == std::string_view::npos ? 0 : begin + 8; i < value.size(); ++i) {
    if (value[i] == '\\') {
      ++i;
    } else if (std::string_view(" \t\r\n").find(value[i]) == std::string_view::npos) {
      text.push_back(value[i]);
    }
  }
  return text;
}

Proof openssh(std::string_view whole, std::string_view) {
  constexpr std::string_view kMagic{"openssh-key-v1\0", 15};
  const auto text = key_bytes(whole);
  return decoded(text.substr(0, 24)).starts_with(kMagic) ? Proof::proved : Proof::refused;
}

/// Every DER of a key is a sequence.
Proof der(std::string_view whole, std::string_view) {
  const auto text = key_bytes(whole);
  return proof_of(text.size() >= 64 && text.front() == 'M' && !decoded(text.substr(0, 24)).empty());
}

Proof private_key_inside(std::string_view, std::string_view value) {
  const auto text = decoded(value.substr(0, value.size() / 4 * 4));
  return proof_of(text.starts_with("-----BEGIN") && text.find("PRIVATE KEY") != std::string::npos);
}

template <char... Letters>
Proof decoded_begins(std::string_view whole, std::string_view) {
  constexpr std::array kText{Letters...};
  return proof_of(decoded(whole).starts_with(std::string_view(kText.data(), kText.size())));
}

/// A bot's token begins with the number of its account.
Proof snowflake(std::string_view whole, std::string_view) {
  const auto number = decoded(whole.substr(0, whole.find('.')));
  return proof_of(!number.empty() && std::ranges::all_of(number, [](char b) { return b >= '0' && b <= '9'; }));
}

Proof real_password(std::string_view, std::string_view value) {
  constexpr std::array<std::string_view, 16> kCommon = {"password", "pass",  "passwd", "pwd",     "secret", "pw",
                                                        "postgres", "root",  "admin",  "guest",   "test",   "user",
                                                        "token",    "mysql", "redis",  "rabbitmq"};
  return proof_of(!is_placeholder(value) && std::ranges::find(kCommon, value) == kCommon.end() &&
                  value.find('*') != 0 && value.find("%s") == std::string_view::npos);
}

Proof label_only(std::string_view, std::string_view) { return Proof::none; }

struct Check {
  std::string_view name;
  Proof (*judge)(std::string_view whole, std::string_view value);
  bool is_checksum = false;
};
constexpr std::array kChecks = {
    Check{"crc32_base62_last6", crc32_in_base62, true},
    Check{"gitlab_routable", gitlab_routable, true},
    Check{"grafana_crc32", grafana_crc32, true},
    Check{"cratesio_xor", cratesio_xor, true},
    Check{"bech32", bech32, true},
    Check{"aws_account", label_only},
    Check{"jwt_header", jwt_header},
    Check{"openssh_magic", openssh},
    Check{"der", der},
    Check{"decoded_private_key", private_key_inside},
    Check{"decoded_colon", user_and_password},
    Check{"decoded_tok", decoded_begins<'t', 'o', 'k', ':'>},
    Check{"decoded_reftkn", decoded_begins<'r', 'e', 'f', 't', 'k', 'n'>},
    Check{"discord_snowflake", snowflake},
    Check{"placeholder_password", real_password},
};

}  // namespace

bool is_checksum(const Rule& rule) {
  const auto* const check = std::ranges::find(kChecks, rule.check, &Check::name);
  return check != kChecks.end() && check->is_checksum;
}

Proof prove(const Rule& rule, const Found& found, std::string_view block) {
  if (rule.check.empty()) return Proof::none;
  const auto* const check = std::ranges::find(kChecks, rule.check, &Check::name);
  if (check == kChecks.end())
    throw Error(ExitCode::error, fmt::format("the rule {} has a check '{}' that is not known", rule.id, rule.check));
  return check->judge(found.whole(block), found.value(block));
}

}  // namespace baton::precheck::secrets
