// OCI registries: from a tag to the digest that is pinned from then on.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/registry/reference.h"
#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::registry {

struct Manifest {
  std::string digest;  ///< "sha256:…" of the exact bytes, checked against the registry's own header
  std::string media_type;
  /// Sum of the layers of the image; of an index, of its linux/amd64 image, else of its first.
  std::int64_t compressed_bytes = 0;
};

/// One image of an index, or the only one there is, by every digest that tools call it by.
struct PlatformImage {
  std::string platform;  ///< "linux/arm64"; empty where no index says it
  std::string manifest;  ///< "sha256:…"
  std::string config;    ///< "sha256:…", which Docker calls the image's id
};

class Client {
 public:
  /// Credentials come from $REGISTRY_AUTH_FILE, $DOCKER_CONFIG/config.json or ~/.docker/config.json (auths only).
  Client(HttpClient http, const Environment& environment, bool plain_http);
  /// Nothing when the registry says there is no such tag; Error{unknown} when it could not be asked, and when the bytes
  /// are not those of the digest that was named.
  std::optional<Manifest> resolve(const Reference& reference, std::stop_token stop = {});
  /// The images below a tag or digest, attestations left out. Throws as resolve() does, also when there is none, and
  /// when an index has more than 64.
  std::vector<PlatformImage> platform_images(const Reference& reference, std::stop_token stop = {});

 private:
  HttpClient http_;
  Environment environment_;
  bool plain_http_;
};

}  // namespace baton::registry
