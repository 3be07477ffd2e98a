// What a registry is logged in to with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/registry/challenge.h"
#include "common/clients/registry/reference.h"
#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::registry {

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
