// The registry's answers.
#include "tests/sandbox/registry.h"

#include "common/core/digest.h"

namespace baton::sandbox {
namespace {

constexpr std::string_view kRoot = "/v2/";

Answer refused(std::string_view code) {
  const auto error = Json::object({{"code", code}, {"message", "unknown to the sandbox"}});
  return {.status = 404, .body = to_text(Json::object({{"errors", Json::array({error})}}))};
}

Answer content(const std::string& bytes, std::string type) {
  return {
      .type = std::move(type), .body = bytes, .headers = {{"Docker-Content-Digest", "sha256:" + sha256_hex(bytes)}}};
}

Answer manifest(const std::string& name, const std::string& reference, const Releases& releases) {
  const auto bytes = reference.starts_with("sha256:") ? releases.manifest_by_digest(name, reference)
                                                      : releases.manifest(name, reference);
  if (!bytes) return refused("MANIFEST_UNKNOWN");
  return content(*bytes, "application/vnd.oci.image.manifest.v1+json");
}

}  // namespace

Answer answer_as_registry(const Question& question, const Releases& releases) {
  const auto& path = question.path;
  if (path == kRoot) return {.body = "{}"};
  const auto piece = [&](std::string_view marker) -> std::pair<std::string, std::string> {
    const auto at = path.rfind(marker);
    if (at == std::string::npos || at < kRoot.size()) return {};
    return {path.substr(kRoot.size(), at - kRoot.size()), path.substr(at + marker.size())};
  };
  if (const auto [name, reference] = piece("/manifests/"); !name.empty()) return manifest(name, reference, releases);
  if (const auto [name, digest] = piece("/blobs/"); !name.empty()) {
    if (const auto bytes = releases.blob(name, digest)) return content(*bytes, "application/octet-stream");
  }
  return refused("NAME_UNKNOWN");
}

}  // namespace baton::sandbox
