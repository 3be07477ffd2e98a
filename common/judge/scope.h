// Whose series are read.
#pragma once

#include <string>
#include <vector>

namespace baton::judge {

/// Whose series are read. `pods` are exact names; queries get them as an anchored regular expression.
struct Scope {
  std::string app;
  std::string namespace_;
  std::string colour;
  std::string version;
  std::string deployment;
  std::vector<std::string> pods;
};

}  // namespace baton::judge
