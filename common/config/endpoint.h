// A server and how to talk to it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace baton {

/// A server and how to talk to it; in the file a plain URL or {url, token, ca, headers}.
struct Endpoint {
  std::string url = {};
  std::string token = {};
  std::string ca = {};  ///< path of a PEM file
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace baton
