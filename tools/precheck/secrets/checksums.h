// Checksums that issuers put into their tokens, so that a scanner need not guess.
#pragma once

#include <string_view>

#include "tools/precheck/secrets/checks.h"

namespace baton::precheck::secrets {

/// GitHub and npm: the last six letters are the CRC32 of those between "_" and them, in base62.
Proof crc32_in_base62(std::string_view whole, std::string_view value);
/// GitLab: the last seven are the CRC32 of all before, in base36; the two before them the payload's length.
Proof gitlab_routable(std::string_view whole, std::string_view value);
/// Grafana: eight hexadecimal digits, low byte first, of all before the last "_".
Proof grafana_crc32(std::string_view whole, std::string_view value);
/// crates.io: the last letter is the XOR of the others, modulo 62.
Proof cratesio_xor(std::string_view whole, std::string_view value);
/// BIP 173, over the text in lower case.
Proof bech32(std::string_view whole, std::string_view value);

}  // namespace baton::precheck::secrets
