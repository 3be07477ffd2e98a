// What manifests and configurations of images say.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/error.h"
#include "common/core/json.h"

namespace baton::registry {

/// The registry hands out other bytes than those that a digest or size names: not the image that was built.
class WrongBytes : public Error {
 public:
  WrongBytes(const std::string& message, std::string hint) : Error(ExitCode::unknown, message, std::move(hint)) {}
};

/// A part of an image by its digest.
struct Descriptor {
  std::string media_type;
  std::string digest;     ///< "sha256:" and 64 hexadecimal digits
  std::int64_t size = 0;  ///< bytes, never negative
  /// Of layers that registries do not hand out: they name URLs of somebody else.
  bool is_foreign() const;
};

/// One image for one platform.
struct PlatformImage {
  std::string platform;  ///< "linux/arm64/v8"; empty where the index does not say
  std::string digest;    ///< of its manifest
  Descriptor config;
  std::vector<Descriptor> layers;
  std::string base = {};  ///< annotation org.opencontainers.image.base.name

  std::int64_t compressed_bytes() const;  ///< of all layers
};

struct ImageConfig {
  std::string platform;  ///< "linux/amd64"
  std::string user;      ///< as it is written: "1000", "app:app", empty
  std::vector<std::string> entrypoint;
  std::vector<std::string> command;
  std::vector<std::string> environment;  ///< "NAME=value"
  std::map<std::string, std::string> labels;
  std::vector<std::string> history;   ///< the command that made each layer, empty ones included
  std::vector<std::string> diff_ids;  ///< digests of the layers' unpacked bytes, in the manifest's order

  bool runs_as_root() const;  ///< the user is absent, 0 or root, whatever the group
};

/// An entry of an index.
struct IndexEntry {
  std::string platform;
  std::string digest;
  bool is_attestation = false;  ///< build tools put them beside images, as platform unknown/unknown
};

bool is_index(std::string_view media_type);
bool is_image(std::string_view media_type);

/// Sum of the layers' sizes, all that is read of them. Throws as parse_image() does.
std::int64_t layer_bytes(const Json& manifest, std::string_view name);
/// All throw Error{unknown} "NAME …" on what lacks a part, names an impossible size or no sha256 digest, or has more
/// parts than any image: 1000 layers, 200 entries.
PlatformImage parse_image(const Json& manifest, std::string_view name);
std::vector<IndexEntry> parse_index(const Json& index, std::string_view name);
ImageConfig parse_image_config(const Json& config, std::string_view name);

}  // namespace baton::registry
