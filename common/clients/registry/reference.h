// Image names: registry, repository, tag and digest.
#pragma once

#include <string>
#include <string_view>

namespace baton::registry {

struct Reference {
  std::string host;         ///< "registry.example.com", "127.0.0.1:5000", "registry-1.docker.io"
  std::string repository;   ///< "library/nginx"
  std::string tag = {};     ///< "latest" where neither tag nor digest is written
  std::string digest = {};  ///< "sha256:…"; wins over the tag
};
/// Docker's short names resolved. Throws Error{usage}.
Reference parse_reference(std::string_view image);

/// Registries on loopback may speak plain HTTP, as Docker allows.
bool is_loopback(std::string_view host);

}  // namespace baton::registry
