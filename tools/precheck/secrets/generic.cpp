// The whole name is judged, then the sign behind it, then the value.
#include "tools/precheck/secrets/generic.h"

#include <algorithm>
#include <array>
#include <string>

#include "common/core/text.h"
#include "tools/precheck/secrets/context.h"
#include "tools/precheck/secrets/values.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kLeast = 8;
constexpr std::size_t kMost = 150;
constexpr std::size_t kLongName = 64;

/// Names that hold such a word and no secret.
constexpr std::array<std::string_view, 34> kOtherNames = {
    "_type",   "-type",    "tokeniz",  "_field",   "-field", "policy",    "_name", "-name",  "_ref",
    "_id",     "_url",     "_uri",     "_path",    "_file",  "_length",   "_size", "public", "max_token",
    "_count",  "checksum", "digest",   "sha",      "hash",   "md5",       "csrf",  "nonce",  "_format",
    "_header", "_expir",   "_timeout", "_version", "_label", "_endpoint", "_error"};

bool is_name_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
         byte == '-' || byte == '.';
}
bool is_blank(char byte) { return byte == ' ' || byte == '\t'; }
bool is_quote(char byte) { return byte == '"' || byte == '\'' || byte == '`'; }

struct Name {
  std::string text = {};  ///< lower case, words parted by "_"
  std::size_t end = 0;
  bool is_option = false;  ///< of a command line
};

/// "stripeSecretKey" as "stripe_secret_key".
std::string parted(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool is_upper = name[i] >= 'A' && name[i] <= 'Z';
    if (is_upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z') text.push_back('_');
    text.push_back(name[i] == '-' || name[i] == '.' ? '_' : name[i]);
  }
  return to_lower(text);
}

std::optional<Name> name_around(std::string_view block, std::size_t at, std::size_t size) {
  auto begin = at;
  auto end = at + size;
  while (begin > 0 && at - begin < kLongName && is_name_byte(block[begin - 1])) --begin;
  while (end < block.size() && end - at < kLongName && is_name_byte(block[end])) ++end;
  Name name{
      .text = parted(block.substr(begin, end - begin)), .end = end, .is_option = block.substr(begin).starts_with("--")};
  const bool is_other =
      std::ranges::any_of(kOtherNames, [&](auto word) { return name.text.find(word) != std::string::npos; });
  if (is_other || name.text.starts_with("pwd") || name.text == "oldpwd") return std::nullopt;
  return name;
}

/// Where the value begins: behind a sign that assigns, past quotes of the name and blanks.
std::optional<std::size_t> value_begin(std::string_view block, const Name& name, const FileKind& kind) {
  auto at = name.end;
  const auto skip = [&](auto is_skipped) {
    while (at < block.size() && is_skipped(block[at])) ++at;
  };
  if (at < block.size() && is_quote(block[at])) ++at;
  const auto after_name = at;
  skip(is_blank);
  // Kubernetes parts the name of a variable from its value.
  if (kind.is_plain && at < block.size() && block[at] == '\n') {
    skip([](char b) { return is_blank(b) || b == '\n'; });
    constexpr std::string_view kValue = "value:";
    if (!block.substr(at).starts_with(kValue)) return std::nullopt;
    at += kValue.size();
    skip(is_blank);
    return at;
  }
  const auto sign = block.substr(at, 2);
  if (sign == ":=" || sign == "=>") {
    at += 2;
  } else if (!sign.empty() && (sign.front() == ':' || sign.front() == '=') && sign != "==" && sign != "::") {
    ++at;
  } else if (!kind.is_plain || !name.is_option || at == after_name) {  // "--password v"
    return std::nullopt;
  }
  skip(is_blank);
  return at;
}

/// The text up to the closing quote, or up to what ends a bare word.
std::optional<Found> value_at(std::string_view block, std::size_t at, const FileKind& kind) {
  if (at >= block.size()) return std::nullopt;
  const char quote = block[at];
  const bool is_quoted = is_quote(quote);
  if (!is_quoted && !kind.is_plain) return std::nullopt;
  if (is_quoted) ++at;
  auto end = at;
  const auto ends = [&](char byte) {
    if (byte == '\n' || byte == '\r') return true;
    return is_quoted ? byte == quote : is_blank(byte) || byte == ';' || byte == ',' || is_quote(byte);
  };
  while (end < block.size() && end - at <= kMost && !ends(block[end])) ++end;
  if (end - at < kLeast || end - at > kMost) return std::nullopt;
  if (is_quoted && (end == block.size() || block[end] != quote)) return std::nullopt;
  return Found{at, end, at, end};
}

struct Letters {
  int lower = 0;
  int upper = 0;
  int digits = 0;
  int signs = 0;
  bool is_hex = true;
  bool is_plain = true;  ///< printable ASCII without blanks and brackets

  int kinds() const { return (lower > 0) + (upper > 0) + (digits > 0) + (signs > 0); }
};

Letters letters_of(std::string_view value) {
  Letters of;
  for (const char byte : value) {
    const bool is_low = byte >= 'a' && byte <= 'z';
    const bool is_up = byte >= 'A' && byte <= 'Z';
    const bool is_digit = byte >= '0' && byte <= '9';
    of.lower += is_low ? 1 : 0;
    of.upper += is_up ? 1 : 0;
    of.digits += is_digit ? 1 : 0;
    of.signs += is_low || is_up || is_digit ? 0 : 1;
    of.is_hex = of.is_hex && (is_digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F'));
    of.is_plain = of.is_plain && byte > 0x20 && byte < 0x7F &&
                  std::string_view("()[]{}<>\\").find(byte) == std::string_view::npos;
  }
  return of;
}

bool is_password_name(std::string_view name) {
  return name.find("passw") != std::string_view::npos || name.find("pwd") != std::string_view::npos ||
         name.find("passphrase") != std::string_view::npos;
}

/// Longer texts of as many letters have more bits; 3.0 at 12 letters is what a tenth of random ones has not.
double least_entropy(std::size_t size) { return size < 12 ? 2.5 : size < 20 ? 3.0 : 3.3; }

bool looks_made_by_a_generator(std::string_view value) {
  const auto of = letters_of(value);
  if (!of.is_plain || of.digits == 0 || of.lower + of.upper == 0) return false;
  constexpr std::size_t kHex = 16;
  constexpr double kHexEntropy = 2.6;
  if (of.is_hex) return value.size() >= kHex && entropy(value) >= kHexEntropy;
  constexpr std::size_t kRandom = 12;
  return value.size() >= kRandom && entropy(value) >= least_entropy(value.size()) && strangeness(value) >= kStrange;
}

bool looks_like_a_password(std::string_view value) {
  const auto of = letters_of(value);
  if (!of.is_plain || of.kinds() < 3) return false;
  // "app.config.password", "user_name1": names of other places
  const bool is_dotted = value.find('.') != std::string_view::npos && of.digits == 0;
  return !is_dotted && of.digits > 0 && entropy(value) >= least_entropy(value.size());
}

}  // namespace

const Rule& generic_rule() {
  static const Rule rule{.id = "generic-assignment", .title = "a value assigned to a name of secrets"};
  return rule;
}

std::optional<Found> assigned_secret(std::string_view block, std::size_t at, std::size_t size, const FileKind& kind) {
  if (kind.is_lock || kind.is_sample) return std::nullopt;
  const auto name = name_around(block, at, size);
  if (!name) return std::nullopt;
  const auto begin = value_begin(block, *name, kind);
  if (!begin) return std::nullopt;
  const auto found = value_at(block, *begin, kind);
  if (!found) return std::nullopt;
  const auto value = found->value(block);
  if (is_placeholder(value) || value.find("://") != std::string_view::npos) return std::nullopt;
  const bool holds = looks_made_by_a_generator(value) || (is_password_name(name->text) && looks_like_a_password(value));
  return holds ? found : std::nullopt;
}

}  // namespace baton::precheck::secrets
