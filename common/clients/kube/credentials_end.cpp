// Reads the ends that tokens and certificates carry.
#include "common/clients/kube/credentials_end.h"

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/tls_certificate.h"

namespace baton::kube {
namespace {

constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999

/// Nothing of a token that is no JWT, or says no end.
std::optional<Time> end_of_token(const std::string& token) {
  const auto pieces = split(token, '.');
  if (pieces.size() != 3) return std::nullopt;
  try {
    const auto claims = parse_json(from_base64(pieces[1]), "token");
    const auto end = claims["exp"].integer_or(0);
    if (end <= 0 || end > kLastSecond) return std::nullopt;
    return Time(std::chrono::seconds(end));
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Time> end_of(const Credentials& credentials) {
  if (!credentials.token_file.empty() || credentials.exec) return std::nullopt;
  if (!credentials.token.empty()) return end_of_token(credentials.token);
  return certificate_end(credentials.certificate_pem);
}

}  // namespace baton::kube
