// The secrets in use by this process, so that nobody who echoes one brings it into what we say.
#pragma once

#include <string>
#include <string_view>

namespace baton {

/// From here on `without_secrets` leaves the value out: raw, percent-encoded, in base64 and as JSON writes it. Shorter
/// than six bytes it is let be: it would be found in every other word.
void keep_secret(std::string_view value);
/// The same of what a request's Authorization carries: "Bearer <token>", "Basic <base64 of user:password>".
void keep_authorization(std::string_view value);
/// `text` with *** for every secret kept.
std::string without_secrets(std::string_view text);

}  // namespace baton
