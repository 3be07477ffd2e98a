// How a registry wants to be logged in to, and with what.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/registry.h"

namespace baton::registry {

struct Challenge {
  std::string scheme;                             ///< lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  ///< names in lower case
};
/// WWW-Authenticate (RFC 9110): several schemes, quoted values, any order. Ends silently at the first thing that is
/// neither.
std::vector<Challenge> parse_challenges(std::string_view header);

struct Login {
  std::string basic = {};           ///< "user:password"
  std::string identity_token = {};  ///< to be exchanged at the token service
};
/// What the docker configuration has for this registry; the longest key that fits wins. Throws Error{unknown} on a
/// broken file.
std::optional<Login> find_login(const Environment& environment, const Reference& reference);

/// The value of the Authorization header that answers `challenges`; empty when none of them can be. Asks the token
/// service where they name one; a plain HTTP one is given no password unless `is_plain`.
std::string authorize(HttpClient& http, const std::vector<Challenge>& challenges, const Reference& reference,
                      const std::optional<Login>& login, bool is_plain, std::stop_token stop);

}  // namespace baton::registry
