// OCI registries: from a tag to the digest that is pinned from then on, and what lies behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/registry/image.h"
#include "common/clients/registry/reference.h"
#include "common/io/env.h"
#include "common/io/http/client.h"
#include "common/io/unpack/decoder.h"

namespace baton::registry {

class Logins;

struct Manifest {
  std::string digest;  ///< "sha256:…" of the exact bytes, checked against the registry's own header
  std::string media_type;
  /// Sum of the layers of the image; of an index, of its linux/amd64 image, else of its first.
  std::int64_t compressed_bytes = 0;
};

/// Safe from several threads.
class Client {
 public:
  /// Credentials come from $REGISTRY_AUTH_FILE, $DOCKER_CONFIG/config.json or ~/.docker/config.json (auths only).
  Client(HttpClient http, const Environment& environment, bool plain_http);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Nothing when the registry says there is no such tag; Error{unknown} when it could not be asked, and when the bytes
  /// are not those of the digest that was named.
  std::optional<Manifest> resolve(const Reference& reference, std::stop_token stop = {});
  /// The images that a tag or digest stands for, one a platform, attestations left out. Throws Error{unknown} as
  /// resolve() does, where there is none, and on a manifest of a kind that is no image (Docker's schema 1).
  std::vector<PlatformImage> images(const Reference& reference, std::stop_token stop = {});
  /// The configuration of an image of this repository, its digest checked.
  ImageConfig config(const Reference& reference, const PlatformImage& image, std::stop_token stop = {});
  /// Hands on the bytes of a blob of this repository as they come. Only when this returns are they known to be those of
  /// the digest and of the size; else it throws WrongBytes. What `take` throws comes through. A redirect to a store
  /// is followed without our credentials. Nothing may stay away for longer than 30 s; `stop` ends it at once.
  void blob(const Reference& reference, const Descriptor& part, const TakeBytes& take, std::stop_token stop = {});

 private:
  HttpClient http_;
  Environment environment_;
  bool plain_http_;
  std::unique_ptr<Logins> logins_;
};

}  // namespace baton::registry
