// How a registry wants to be logged in to: WWW-Authenticate.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace baton::registry {

struct Challenge {
  std::string scheme;                             ///< lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  ///< names in lower case
};
/// WWW-Authenticate (RFC 9110): several schemes, quoted values, any order. Ends silently at the first thing that is
/// neither.
std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace baton::registry
