// RFC 4253's key blob: string type, then the key's own strings.
#include "common/handoff/ssh_key.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

struct KindRow {
  KeyKind kind;
  std::string_view type;
  std::string_view curve;  ///< ECDSA names it again in the blob
  std::size_t size;
};

constexpr auto kKinds = std::to_array<KindRow>({
    {KeyKind::ed25519, "ssh-ed25519", "", 32},
    {KeyKind::ecdsa_p256, "ecdsa-sha2-nistp256", "nistp256", 65},
});

std::string wire_string(std::string_view text) {
  std::string wire;
  for (int shift = 24; shift >= 0; shift -= 8)
    wire += static_cast<char>((text.size() >> static_cast<unsigned>(shift)) & 0xFFU);
  return wire.append(text);
}

Error bad_line(std::string_view name, const std::string& trouble) {
  return Error(ExitCode::usage, "the trusted key '" + std::string(name) + "' " + trouble,
               "Give SPKI PEM or one line as in an OpenSSH .pub file, Ed25519 or ECDSA P-256.");
}

/// The blob's strings, or none when its lengths do not add up.
std::vector<std::string> wire_strings(std::string_view blob) {
  std::vector<std::string> strings;
  while (blob.size() >= 4) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8U | static_cast<unsigned char>(blob[i]);
    if (length > blob.size() - 4) return {};
    strings.emplace_back(blob.substr(4, length));
    blob.remove_prefix(4 + length);
  }
  return blob.empty() ? strings : std::vector<std::string>{};
}

std::string decode(std::string_view text, std::string_view name) {
  try {
    return from_base64(text);
  } catch (const Error&) {
    throw bad_line(name, "is not base64");
  }
}

}  // namespace

PublicPoint parse_ssh_line(std::string_view line, std::string_view name) {
  const std::vector<std::string> words = split(trim(line), ' ');
  const auto* const row = std::ranges::find(kKinds, words.front(), &KindRow::type);
  if (row == kKinds.end())
    throw bad_line(name, "is of the kind '" + printable(words.front(), 40) + "', which is not taken");
  if (words.size() < 2) throw bad_line(name, "has no key after its kind");
  std::vector<std::string> expected{std::string(row->type)};
  if (!row->curve.empty()) expected.emplace_back(row->curve);
  std::vector<std::string> strings = wire_strings(decode(words[1], name));
  if (strings.size() != expected.size() + 1) throw bad_line(name, "is damaged");
  const std::string bytes = strings.back();
  strings.pop_back();
  if (strings != expected || bytes.size() != row->size) throw bad_line(name, "is damaged");
  return {row->kind, bytes};
}

std::string ssh_fingerprint(const PublicPoint& point) {
  const auto* const row = std::ranges::find(kKinds, point.kind, &KindRow::kind);
  const std::string curve = row->curve.empty() ? "" : wire_string(row->curve);
  const std::string digest = sha256_hex(wire_string(row->type) + curve + wire_string(point.bytes));
  std::string raw;
  for (std::size_t i = 0; i < digest.size(); i += 2)
    raw += static_cast<char>(std::stoi(digest.substr(i, 2), nullptr, 16));
  std::string text = to_base64(raw);
  text.erase(text.find_last_not_of('=') + 1);
  return "SHA256:" + text;
}

}  // namespace baton
