// Fetches manifests, and believes their digest only after hashing the bytes.
#include "common/clients/registry/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/clients/registry/auth.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::registry {
namespace {

constexpr std::array<std::string_view, 2> kIndexes{"application/vnd.oci.image.index.v1+json",
                                                   "application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr std::array<std::string_view, 2> kImages{"application/vnd.oci.image.manifest.v1+json",
                                                  "application/vnd.docker.distribution.manifest.v2+json"};
constexpr std::size_t kMaxManifest = 4U << 20U;  // what registries take at most
constexpr std::size_t kMaxImages = 64;           // of an index; each is asked for

template <typename Range>
bool holds(const Range& range, std::string_view value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

struct Fetched {
  std::string digest;
  std::string media_type;
  Json body;
};

std::string header_values(const HttpResponse& answer, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : answer.headers) {
    if (to_lower(key) == name) values.push_back(value);
  }
  return join(values, ", ");
}

/// One repository of one registry, asked until it has told what it knows.
class Visit {
 public:
  Visit(HttpClient& http, const Environment& environment, const Reference& reference, bool is_plain,
        std::stop_token stop)
      : http_(http), environment_(environment), reference_(reference), is_plain_(is_plain), stop_(std::move(stop)) {}

  std::optional<Fetched> fetch(std::string_view tag_or_digest) {
    const std::string name = fmt::format("{}/{}:{}", reference_.host, reference_.repository, tag_or_digest);
    const HttpResponse answer = send(manifest_request(tag_or_digest));
    if (is_absent(answer)) return std::nullopt;
    if (!answer.is_success()) throw refusal(answer, name);
    Fetched fetched{.digest = checked_digest(answer, tag_or_digest, name), .media_type = {}, .body = {}};
    fetched.body = parse_json(answer.body, fmt::format("manifest of {}", name));
    // What the manifest says of itself is hashed; the header beside it is not.
    fetched.media_type = std::as_const(fetched.body)["mediaType"].string_or(answer.header("Content-Type"));
    fetched.media_type = std::string(trim(fetched.media_type.substr(0, fetched.media_type.find(';'))));
    return fetched;
  }

  /// Of the layers of an image.
  std::int64_t layer_bytes(const Fetched& image) const {
    if (!holds(kImages, image.media_type)) {
      throw Error(ExitCode::unknown,
                  fmt::format("the manifest {} in '{}/{}' has the type '{}', which is no image", image.digest,
                              reference_.host, reference_.repository, printable(image.media_type, 100)));
    }
    std::int64_t sum = 0;
    for (const Json& layer : std::as_const(image.body)["layers"].items()) {
      const std::int64_t size = layer["size"].integer();
      if (size < 0 || size > std::numeric_limits<std::int64_t>::max() - sum) {
        throw Error(ExitCode::unknown, fmt::format("the manifest {} names an impossible layer size", image.digest));
      }
      sum += size;
    }
    return sum;
  }

  /// What an image, or each of an index, is called.
  std::vector<PlatformImage> images_of(const Fetched& found) {
    if (!holds(kIndexes, found.media_type)) return {named(found, "")};
    std::vector<PlatformImage> images;
    for (const Json& entry : std::as_const(found.body)["manifests"].items()) {
      const Json& platform = entry["platform"];
      const std::string os = platform["os"].string_or("");
      if (os == "unknown") continue;  // an attestation
      if (images.size() == kMaxImages)
        throw Error(ExitCode::unknown, fmt::format("the index {} names more than 64 images", found.digest));
      const std::optional<Fetched> image = fetch(entry["digest"].string());
      if (!image) throw lost_image(found);
      images.push_back(named(
          *image, fmt::format("{}/{}", printable(os, 40), printable(platform["architecture"].string_or(""), 40))));
    }
    return images;
  }

  Error lost_image(const Fetched& index) const {
    return {ExitCode::unknown,
            fmt::format("the index {} names an image that '{}' does not have", index.digest, reference_.host)};
  }

  /// The digest of the image that an index has for our platform.
  std::string choose_image(const Fetched& index) const {
    const Json::Array& entries = std::as_const(index.body)["manifests"].items();
    const auto is_platform = [](const Json& entry, std::string_view os, std::string_view architecture) {
      return entry["platform"]["os"] == Json(os) && entry["platform"]["architecture"] == Json(architecture);
    };
    auto chosen = std::ranges::find_if(entries, [&](const Json& e) { return is_platform(e, "linux", "amd64"); });
    if (chosen == entries.end()) {
      // Build tools put attestations beside images, as platform unknown/unknown.
      chosen = std::ranges::find_if(entries, [&](const Json& e) { return !is_platform(e, "unknown", "unknown"); });
    }
    if (chosen != entries.end()) return (*chosen)["digest"].string();
    throw Error(ExitCode::unknown, fmt::format("the index {} in '{}/{}' names no image", index.digest, reference_.host,
                                               reference_.repository));
  }

 private:
  static PlatformImage named(const Fetched& image, std::string platform) {
    return {.platform = std::move(platform),
            .manifest = image.digest,
            .config = std::as_const(image.body)["config"]["digest"].string_or("")};
  }

  HttpRequest manifest_request(std::string_view tag_or_digest) const {
    HttpRequest request{.url = fmt::format("{}://{}/v2/{}/manifests/{}", is_plain_ ? "http" : "https", reference_.host,
                                           reference_.repository, tag_or_digest),
                        .max_body = kMaxManifest,
                        .redirects = 3};
    std::string types;
    for (const auto& kinds : {kIndexes, kImages}) {
      for (const std::string_view kind : kinds) types.append(types.empty() ? "" : ", ").append(kind);
    }
    request.headers.emplace_back("Accept", types);
    return request;
  }

  HttpResponse send(HttpRequest request) {
    if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
    HttpResponse answer = http_.send(request, stop_);
    if (answer.status != 401 || !authorization_.empty()) return answer;
    const std::vector<Challenge> challenges = parse_challenges(header_values(answer, "www-authenticate"));
    authorization_ = authorize(http_, challenges, reference_, find_login(environment_, reference_), is_plain_, stop_);
    if (authorization_.empty()) return answer;
    request.headers.emplace_back("Authorization", authorization_);
    return http_.send(request, stop_);
  }

  /// A 404 counts only in a registry's own words: anything may stand at a wrong address.
  static bool is_absent(const HttpResponse& answer) {
    if (answer.status != 404) return false;
    try {
      return parse_json(answer.body, "answer")["errors"].is_array();
    } catch (const Error&) {
      return false;
    }
  }

  Error refusal(const HttpResponse& answer, std::string_view name) const {
    std::string hint = fmt::format("See that '{}' is the registry.", reference_.host);
    if (answer.status == 401 || answer.status == 403) {
      hint =
          fmt::format("Log in to {} (docker login; auths in the docker config are read, credential helpers are not).",
                      reference_.host);
    } else if (answer.status == 429) {
      hint = "Wait, or log in: the registry limits how often it is asked.";
    }
    return {ExitCode::unknown,
            fmt::format("the registry did not tell about '{}': status {}: '{}'", name, answer.status,
                        printable(trim(answer.body), 200)),
            std::move(hint)};
  }

  std::string checked_digest(const HttpResponse& answer, std::string_view asked, std::string_view name) const {
    std::string digest = "sha256:" + sha256_hex(answer.body);
    const std::string claimed = answer.header("Docker-Content-Digest");
    const bool was_asked_by_digest = asked.starts_with("sha256:");
    if ((!claimed.empty() && claimed != digest) || (was_asked_by_digest && asked != digest)) {
      throw Error(ExitCode::unknown,
                  fmt::format("the manifest of '{}' has the digest {}, but {} was {}", name, digest,
                              was_asked_by_digest ? asked : std::string_view(claimed),
                              was_asked_by_digest ? "asked for" : "announced"),
                  "Do not use this image before it is known who altered it.");
    }
    return digest;
  }

  HttpClient& http_;
  const Environment& environment_;
  const Reference& reference_;
  bool is_plain_;
  std::stop_token stop_;
  std::string authorization_ = {};
};

}  // namespace

Client::Client(HttpClient http, const Environment& environment, bool plain_http)
    : http_(std::move(http)), environment_(environment), plain_http_(plain_http) {}

std::optional<Manifest> Client::resolve(const Reference& reference, std::stop_token stop) {
  Visit visit(http_, environment_, reference, plain_http_ || is_loopback(reference.host), std::move(stop));
  const std::optional<Fetched> found = visit.fetch(reference.digest.empty() ? reference.tag : reference.digest);
  if (!found) return std::nullopt;
  Manifest manifest{.digest = found->digest, .media_type = found->media_type};
  if (!holds(kIndexes, found->media_type)) {
    manifest.compressed_bytes = visit.layer_bytes(*found);
    return manifest;
  }
  const std::optional<Fetched> image = visit.fetch(visit.choose_image(*found));
  if (!image) throw visit.lost_image(*found);
  manifest.compressed_bytes = visit.layer_bytes(*image);
  return manifest;
}

std::vector<PlatformImage> Client::platform_images(const Reference& reference, std::stop_token stop) {
  Visit visit(http_, environment_, reference, plain_http_ || is_loopback(reference.host), std::move(stop));
  const std::optional<Fetched> found = visit.fetch(reference.digest.empty() ? reference.tag : reference.digest);
  if (!found) {
    throw Error(ExitCode::unknown,
                fmt::format("the registry '{}' has no such image in '{}'", reference.host, reference.repository));
  }
  return visit.images_of(*found);
}

}  // namespace baton::registry
