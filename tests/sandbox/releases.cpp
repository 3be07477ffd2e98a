// Releases and their images.
#include "tests/sandbox/releases.h"

#include "common/core/digest.h"
#include "common/core/gzip.h"
#include "tests/support/archive.h"

namespace baton::sandbox {
namespace {

std::string digest_of(const std::string& bytes) { return "sha256:" + sha256_hex(bytes); }

/// The image's only layer: one file, which is all that tells releases apart.
std::string layer_archive(const std::string& name, const std::string& version) {
  return test::tar_member({.name = "app/" + name, .content = version + "\n", .mode = 0755}) + test::tar_end();
}

std::string layer_of(const std::string& name, const std::string& version) { return gzip(layer_archive(name, version)); }

std::string config_of(const std::string& name, const std::string& version) {
  const auto diff_id = digest_of(layer_archive(name, version));
  return to_text(Json::object(
      {{"architecture", "amd64"},
       {"os", "linux"},
       {"config", Json::object({{"User", "1000"},
                                {"Entrypoint", Json::array({"/app/" + name})},
                                {"Labels", Json::object({{"org.opencontainers.image.version", version}})}})},
       {"rootfs", Json::object({{"type", "layers"}, {"diff_ids", Json::array({diff_id})}})}}));
}

Json descriptor_of(const std::string& bytes, const std::string& type) {
  return Json::object({{"mediaType", type}, {"digest", digest_of(bytes)}, {"size", bytes.size()}});
}

std::string manifest_of(const std::string& name, const std::string& version) {
  const std::string oci = "application/vnd.oci.image.";
  return to_text(
      Json::object({{"schemaVersion", 2},
                    {"mediaType", oci + "manifest.v1+json"},
                    {"config", descriptor_of(config_of(name, version), oci + "config.v1+json")},
                    {"layers", Json::array({descriptor_of(layer_of(name, version), oci + "layer.v1.tar+gzip")})},
                    {"annotations", Json::object({{"org.opencontainers.image.version", version}})}}));
}

struct Reference {
  std::string host;  ///< empty: none written
  std::string name;
  std::string tag;
  std::string digest;
};

Reference reference_in(std::string image) {
  Reference reference;
  if (const auto at = image.find('@'); at != std::string::npos) {
    reference.digest = image.substr(at + 1);
    image.resize(at);
  }
  const auto slash = image.rfind('/');
  const auto colon = image.rfind(':');
  if (colon != std::string::npos && (slash == std::string::npos || colon > slash)) {
    reference.tag = image.substr(colon + 1);
    image.resize(colon);
  }
  const auto first = image.find('/');
  const bool has_host = first != std::string::npos && image.substr(0, first).find_first_of(".:") != std::string::npos;
  reference.host = has_host ? image.substr(0, first) : "";
  reference.name = has_host ? image.substr(first + 1) : image;
  return reference;
}

}  // namespace

void Releases::put(const std::string& version, const Fault& fault, Time now) {
  const std::scoped_lock lock(mutex_);
  releases_[version] = {.fault = fault, .since = now};
}

bool Releases::is_first(const std::string& version, const std::string& pod) const {
  const std::scoped_lock lock(mutex_);
  return first_pods_.try_emplace(version, pod).first->second == pod;
}

std::optional<Release> Releases::find(const std::string& version) const {
  const std::scoped_lock lock(mutex_);
  const auto found = releases_.find(version);
  return found == releases_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Releases::manifest(const std::string& name, const std::string& version) const {
  if (!find(version)) return std::nullopt;
  return manifest_of(name, version);
}

std::string Releases::pinned(const std::string& image, const std::string& version) const {
  const auto reference = reference_in(image);
  const auto place = reference.host.empty() ? "" : reference.host + "/";
  return place + reference.name + "@" + digest_of(manifest_of(reference.name, version));
}

std::optional<std::string> Releases::manifest_by_digest(const std::string& name, const std::string& digest) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [version, release] : releases_) {
    auto bytes = manifest_of(name, version);
    if (digest_of(bytes) == digest) return bytes;
  }
  return std::nullopt;
}

std::optional<std::string> Releases::blob(const std::string& name, const std::string& digest) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [version, release] : releases_) {
    for (auto bytes : {config_of(name, version), layer_of(name, version)}) {
      if (digest_of(bytes) == digest) return bytes;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Releases::version_of(const std::string& image, const std::string& registry) const {
  const auto reference = reference_in(image);
  if (reference.digest.empty()) {
    const auto tag = reference.tag.empty() ? "latest" : reference.tag;
    return reference.host == registry && !find(tag) ? std::nullopt : std::optional(tag);
  }
  const auto bytes = manifest_by_digest(reference.name, reference.digest);
  if (!bytes) return std::nullopt;
  return parse_json(*bytes, "manifest")["annotations"]["org.opencontainers.image.version"].string();
}

}  // namespace baton::sandbox
