// Manifests of OCI and of Docker (schema 2), which differ in names only.
#include "common/clients/registry/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::registry {
namespace {

constexpr std::array<std::string_view, 2> kIndexes{"application/vnd.oci.image.index.v1+json",
                                                   "application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr std::array<std::string_view, 2> kImages{"application/vnd.oci.image.manifest.v1+json",
                                                  "application/vnd.docker.distribution.manifest.v2+json"};
constexpr std::size_t kMaxLayers = 1000;
constexpr std::size_t kMaxEntries = 200;
constexpr std::string_view kSha256 = "sha256:";

Error broken(std::string_view name, const std::string& what) {
  return {ExitCode::unknown, fmt::format("{} {}", name, what), "Build and push the image again."};
}

/// What an error of the JSON's own says, with the name of the document.
template <typename Read>
auto named(std::string_view name, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    const std::string what = error.what();
    if (what.starts_with(name)) throw;
    throw broken(name, "is malformed: " + what);
  }
}

std::string checked_digest(const Json& value, std::string_view name) {
  const auto& digest = value.string();
  if (!digest.starts_with(kSha256) || !is_sha256_hex(std::string_view(digest).substr(kSha256.size())))
    throw broken(name, fmt::format("names the digest '{}', which is no sha256:… digest", printable(digest, 100)));
  return digest;
}

/// Throws on a size below zero, and on a sum beyond 64 bits.
std::int64_t added(std::int64_t sum, std::int64_t size, std::string_view name) {
  if (size < 0 || size > std::numeric_limits<std::int64_t>::max() - sum)
    throw broken(name, "names an impossible layer size");
  return sum + size;
}

Descriptor descriptor(const Json& json, std::string_view name) {
  return {.media_type = json["mediaType"].string_or(""),
          .digest = checked_digest(json["digest"], name),
          .size = added(0, json["size"].integer(), name)};
}

std::string platform_text(const Json& platform) {
  std::string text = platform["os"].string_or("");
  for (const auto* part : {"architecture", "variant"}) {
    if (const auto value = platform[part].string_or(""); !value.empty()) text += "/" + value;
  }
  return printable(text, 100);
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> all;
  for (const auto& item : list.items_or_none()) all.push_back(item.string());
  return all;
}

}  // namespace

bool is_index(std::string_view media_type) { return std::ranges::find(kIndexes, media_type) != kIndexes.end(); }
bool is_image(std::string_view media_type) { return std::ranges::find(kImages, media_type) != kImages.end(); }

bool Descriptor::is_foreign() const {
  return media_type.find("foreign") != std::string::npos || media_type.find("nondistributable") != std::string::npos;
}

std::int64_t layer_bytes(const Json& manifest, std::string_view name) {
  return named(name, [&] {
    std::int64_t sum = 0;
    for (const auto& layer : manifest["layers"].items()) sum = added(sum, layer["size"].integer(), name);
    return sum;
  });
}

std::int64_t PlatformImage::compressed_bytes() const {
  std::int64_t sum = 0;
  for (const auto& layer : layers) sum += layer.size;
  return sum;
}

bool ImageConfig::runs_as_root() const {
  const auto name = user.substr(0, user.find(':'));
  return name == "root" || name.find_first_not_of('0') == std::string::npos;
}

PlatformImage parse_image(const Json& manifest, std::string_view name) {
  return named(name, [&] {
    PlatformImage image{.platform = {}, .digest = {}, .config = descriptor(manifest["config"], name), .layers = {}};
    std::int64_t sum = 0;
    for (const auto& layer : manifest["layers"].items()) {
      image.layers.push_back(descriptor(layer, name));
      sum = added(sum, image.layers.back().size, name);
      if (image.layers.size() > kMaxLayers) throw broken(name, fmt::format("has more than {} layers", kMaxLayers));
    }
    image.base = manifest["annotations"]["org.opencontainers.image.base.name"].string_or("");
    return image;
  });
}

std::vector<IndexEntry> parse_index(const Json& index, std::string_view name) {
  return named(name, [&] {
    std::vector<IndexEntry> entries;
    for (const auto& json : index["manifests"].items()) {
      IndexEntry entry{.platform = platform_text(json["platform"]), .digest = checked_digest(json["digest"], name)};
      entry.is_attestation = entry.platform == "unknown/unknown" ||
                             json["annotations"]["vnd.docker.reference.type"] == Json("attestation-manifest");
      entries.push_back(std::move(entry));
      if (entries.size() > kMaxEntries) throw broken(name, fmt::format("has more than {} entries", kMaxEntries));
    }
    return entries;
  });
}

ImageConfig parse_image_config(const Json& config, std::string_view name) {
  return named(name, [&] {
    if (!config.is_object()) throw broken(name, "is no configuration of an image");
    const auto& run = config["config"];
    ImageConfig parsed{.platform = platform_text(config),
                       .user = run["User"].string_or(""),
                       .entrypoint = texts(run["Entrypoint"]),
                       .command = texts(run["Cmd"]),
                       .environment = texts(run["Env"]),
                       .labels = {},
                       .history = {},
                       .diff_ids = texts(config["rootfs"]["diff_ids"])};
    for (const auto& [key, value] : run["Labels"].members_or_none()) parsed.labels[key] = value.string_or("");
    for (const auto& step : config["history"].items_or_none())
      parsed.history.push_back(step["created_by"].string_or(""));
    return parsed;
  });
}

}  // namespace baton::registry
