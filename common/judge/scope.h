// Whose series are read.
#pragma once

#include <string>
#include <vector>

namespace baton::judge {

/// Whose series are read.
struct Scope {
  std::string app;
  std::string namespace_;
  std::string colour;
  std::string version;
  std::string deployment;
  /// Names, and with an asterisk how a ReplicaSet names what it makes: "shop-green-7d9f8b6c5d-*". Queries get them as
  /// an anchored regular expression.
  std::vector<std::string> pods;
  /// The Deployments one of which had the traffic a day ago.
  std::vector<std::string> deployments = {};
};

/// The same application as the day before saw it, whoever served.
Scope day_before(Scope scope);

}  // namespace baton::judge
