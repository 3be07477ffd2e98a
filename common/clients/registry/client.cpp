// Questions to a registry, and which of an index's images is meant.
#include "common/clients/registry/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/registry/repository.h"
#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::registry {
namespace {

constexpr std::int64_t kMaxConfig = 16 << 20;

std::string wanted_name(const Reference& reference) {
  return reference.digest.empty() ? reference.tag : reference.digest;
}

std::string name_of(const Repository& repository, const Fetched& fetched) {
  return fmt::format("the manifest {} in '{}'", fetched.digest, repository.name());
}

void require_image(const Repository& repository, const Fetched& fetched) {
  if (!is_image(fetched.media_type)) {
    throw Error(ExitCode::unknown,
                fmt::format("{} has the type '{}', which is no image", name_of(repository, fetched),
                            printable(fetched.media_type, 100)),
                "Build the image with a tool that writes OCI manifests or Docker's schema 2.");
  }
}

std::int64_t bytes_of(const Repository& repository, const Fetched& fetched) {
  require_image(repository, fetched);
  return layer_bytes(fetched.body, name_of(repository, fetched));
}

PlatformImage image_of(const Repository& repository, const Fetched& fetched) {
  require_image(repository, fetched);
  auto image = parse_image(fetched.body, name_of(repository, fetched));
  image.digest = fetched.digest;
  return image;
}

std::vector<IndexEntry> entries_of(const Repository& repository, const Fetched& index) {
  const auto name = fmt::format("the index {} in '{}'", index.digest, repository.name());
  auto entries = parse_index(index.body, name);
  std::erase_if(entries, [](const IndexEntry& entry) { return entry.is_attestation; });
  if (entries.empty()) throw Error(ExitCode::unknown, name + " names no image", "Build and push the image again.");
  return entries;
}

Fetched fetch_entry(Repository& repository, const Fetched& index, const IndexEntry& entry) {
  auto fetched = repository.fetch(entry.digest);
  if (!fetched) {
    throw Error(ExitCode::unknown,
                fmt::format("the index {} names an image that '{}' does not have", index.digest, repository.name()),
                "Push the images of all platforms.");
  }
  return std::move(*fetched);
}

}  // namespace

Client::Client(HttpClient http, const Environment& environment, bool plain_http)
    : http_(std::move(http)), environment_(environment), plain_http_(plain_http), logins_(std::make_unique<Logins>()) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

std::optional<Manifest> Client::resolve(const Reference& reference, std::stop_token stop) {
  Repository repository(http_, environment_, reference, *logins_, plain_http_ || is_loopback(reference.host),
                        std::move(stop));
  const auto found = repository.fetch(wanted_name(reference));
  if (!found) return std::nullopt;
  Manifest manifest{.digest = found->digest, .media_type = found->media_type};
  if (!is_index(found->media_type)) {
    manifest.compressed_bytes = bytes_of(repository, *found);
    return manifest;
  }
  const auto entries = entries_of(repository, *found);
  const auto ours = std::ranges::find(entries, "linux/amd64", &IndexEntry::platform);
  const auto& chosen = ours == entries.end() ? entries.front() : *ours;
  manifest.compressed_bytes = bytes_of(repository, fetch_entry(repository, *found, chosen));
  return manifest;
}

std::vector<PlatformImage> Client::images(const Reference& reference, std::stop_token stop) {
  Repository repository(http_, environment_, reference, *logins_, plain_http_ || is_loopback(reference.host),
                        std::move(stop));
  const auto found = repository.fetch(wanted_name(reference));
  if (!found) {
    throw Error(ExitCode::unknown,
                fmt::format("the registry has no '{}:{}'", repository.name(), wanted_name(reference)),
                "Push the image, or correct image and tag.");
  }
  if (!is_index(found->media_type)) return {image_of(repository, *found)};
  std::vector<PlatformImage> all;
  for (const auto& entry : entries_of(repository, *found)) {
    all.push_back(image_of(repository, fetch_entry(repository, *found, entry)));
    all.back().platform = entry.platform;
  }
  return all;
}

ImageConfig Client::config(const Reference& reference, const PlatformImage& image, std::stop_token stop) {
  const auto name = fmt::format("the configuration {} of '{}'", image.config.digest, reference.repository);
  if (image.config.size > kMaxConfig)
    throw Error(ExitCode::unknown,
                fmt::format("{} has {} bytes: no more than {} are read", name, image.config.size, kMaxConfig));
  std::string text;
  blob(
      reference, image.config, [&](std::string_view piece) { text += piece; }, std::move(stop));
  return parse_image_config(parse_json(text, name), name);
}

void Client::blob(const Reference& reference, const Descriptor& part, const TakeBytes& take, std::stop_token stop) {
  const bool is_plain = plain_http_ || is_loopback(reference.host);
  Repository repository(http_, environment_, reference, *logins_, is_plain, std::move(stop));
  repository.blob(part, take);
}

}  // namespace baton::registry
