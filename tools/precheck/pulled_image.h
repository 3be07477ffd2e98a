// The image as a machine that runs it would get it: every layer of every platform read once, hashed and looked through.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/clients/registry/client.h"
#include "common/core/error.h"

namespace baton::precheck {

/// One platform's manifest with its configuration.
struct ImageParts {
  registry::PlatformImage image;
  registry::ImageConfig config;

  std::string platform() const;  ///< "linux/arm64"
};
std::vector<ImageParts> find_parts(registry::Client& client, const registry::Reference& reference,
                                   const std::stop_token& stop);

struct Layer {
  std::int64_t content_bytes = 0;  ///< of the files in it: what `docker images` adds up
  std::string diff_id = {};        ///< "sha256:…" of its unpacked bytes
  /// What an image for production need not hold ("compilers", ".git") → the first path that shows it, foreign text.
  std::map<std::string, std::string, std::less<>> leftovers = {};
};

struct PulledImage {
  std::map<std::string, Layer> layers = {};  ///< by the digest in the manifests
  std::int64_t pulled_bytes = 0;
  std::vector<std::string> altered = {};  ///< whose bytes are not those of a digest: what was seen, a sentence each
  std::optional<Error> failure = {};      ///< why not all could be read

  /// Of one platform's layers; nothing where one of them was not read.
  std::optional<std::int64_t> content_bytes(const ImageParts& parts) const;
};

/// Reads the layers as they come: 32 MB of memory at most, whatever their size. What fails is told in the result, but
/// for Error{interrupted}.
PulledImage pull_image(registry::Client& client, const registry::Reference& reference,
                       const std::vector<ImageParts>& parts, const std::stop_token& stop);

/// What a path of a layer is a leftover of; empty: nothing of the kind.
std::string_view leftover_of(std::string_view path);

}  // namespace baton::precheck
