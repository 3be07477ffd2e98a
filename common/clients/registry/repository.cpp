// Requests and what is believed of their answers: bytes are hashed, whatever the registry says of them.
#include "common/clients/registry/repository.h"

#include <fmt/format.h>

#include "common/clients/registry/auth.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::registry {
namespace {

constexpr std::size_t kMaxManifest = 4U << 20U;  // what registries take at most
constexpr int kRedirects = 3;
constexpr Duration kSilence = std::chrono::seconds(30);
constexpr std::string_view kTypes =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

std::string key_of(const Reference& reference) { return reference.host + "/" + reference.repository; }

std::string header_values(const HttpResponse& answer, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [key, value] : answer.headers) {
    if (to_lower(key) == name) values.push_back(value);
  }
  return join(values, ", ");
}

/// A 404 counts only in a registry's own words: anything may stand at a wrong address.
bool is_absent(const HttpResponse& answer) {
  if (answer.status != 404) return false;
  try {
    return parse_json(answer.body, "answer")["errors"].is_array();
  } catch (const Error&) {
    return false;
  }
}

std::string checked_digest(const HttpResponse& answer, std::string_view asked, std::string_view name) {
  std::string digest = "sha256:" + sha256_hex(answer.body);
  const std::string claimed = answer.header("Docker-Content-Digest");
  const bool was_asked_by_digest = asked.starts_with("sha256:");
  if ((!claimed.empty() && claimed != digest) || (was_asked_by_digest && asked != digest)) {
    throw WrongBytes(fmt::format("the manifest of '{}' has the digest {}, but {} was {}", name, digest,
                                 was_asked_by_digest ? std::string(asked) : printable(claimed, 100),
                                 was_asked_by_digest ? "asked for" : "announced"),
                     "Do not use this image before it is known who altered it.");
  }
  return digest;
}

/// Counts and hashes what passes through.
class Checked {
 public:
  Checked(const Descriptor& part, std::string name, const TakeBytes& take)
      : part_(part), name_(std::move(name)), take_(take) {}

  void take(std::string_view piece) {
    bytes_ += static_cast<std::int64_t>(piece.size());
    if (bytes_ > part_.size)
      throw wrong(fmt::format("is larger than the {} bytes that its manifest names", part_.size));
    hash_.update(piece);
    take_(piece);
  }
  void finish() {
    if (bytes_ < part_.size) throw wrong(fmt::format("has {} bytes, but its manifest names {}", bytes_, part_.size));
    if (const auto digest = "sha256:" + hash_.finish_hex(); digest != part_.digest)
      throw wrong("has bytes with the digest " + digest);
  }
  std::int64_t bytes() const { return bytes_; }

 private:
  WrongBytes wrong(const std::string& what) const {
    return {fmt::format("the blob {} of '{}' {}", part_.digest, name_, what),
            "Do not use this image before it is known who altered it."};
  }

  const Descriptor& part_;
  std::string name_;
  const TakeBytes& take_;
  Sha256 hash_;
  std::int64_t bytes_ = 0;
};

}  // namespace

std::string Logins::find(const Reference& reference) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_repository_.find(key_of(reference));
  return found == by_repository_.end() ? std::string{} : found->second;
}

void Logins::keep(const Reference& reference, std::string authorization) {
  const std::lock_guard lock(mutex_);
  by_repository_[key_of(reference)] = std::move(authorization);
}

Repository::Repository(HttpClient& http, const Environment& environment, const Reference& reference, Logins& logins,
                       bool is_plain, std::stop_token stop)
    : http_(http),
      environment_(environment),
      reference_(reference),
      logins_(logins),
      is_plain_(is_plain),
      stop_(std::move(stop)) {}

std::string Repository::name() const { return key_of(reference_); }

HttpRequest Repository::request_for(std::string_view kind, std::string_view name) const {
  return {.url = fmt::format("{}://{}/v2/{}/{}/{}", is_plain_ ? "http" : "https", reference_.host,
                             reference_.repository, kind, name),
          .max_body = kMaxManifest,
          .redirects = kRedirects};
}

/// Tokens live for a minute: one that was good for the last request may be refused by the next.
std::string Repository::authorize_after(const HttpResponse& refused) {
  const std::vector<Challenge> challenges = parse_challenges(header_values(refused, "www-authenticate"));
  auto authorization = authorize(http_, challenges, reference_, find_login(environment_, reference_), is_plain_, stop_);
  logins_.keep(reference_, authorization);
  return authorization;
}

HttpResponse Repository::send(HttpRequest request) {
  const auto plain_headers = request.headers;
  const auto known = logins_.find(reference_);
  if (!known.empty()) request.headers.emplace_back("Authorization", known);
  HttpResponse answer = http_.send(request, stop_);
  if (answer.status != 401) return answer;
  const auto authorization = authorize_after(answer);
  if (authorization.empty() || authorization == known) return answer;
  request.headers = plain_headers;
  request.headers.emplace_back("Authorization", authorization);
  return http_.send(request, stop_);
}

std::optional<Fetched> Repository::fetch(std::string_view tag_or_digest) {
  const std::string what = fmt::format("{}:{}", name(), tag_or_digest);
  auto request = request_for("manifests", tag_or_digest);
  request.headers.emplace_back("Accept", std::string(kTypes));
  const HttpResponse answer = send(std::move(request));
  if (is_absent(answer)) return std::nullopt;
  if (!answer.is_success()) throw refusal(answer, what);
  Fetched fetched{.digest = checked_digest(answer, tag_or_digest, what), .media_type = {}, .body = {}};
  fetched.body = parse_json(answer.body, fmt::format("manifest of {}", what));
  // What the manifest says of itself is hashed; the header beside it is not.
  fetched.media_type = std::as_const(fetched.body)["mediaType"].string_or(answer.header("Content-Type"));
  fetched.media_type = std::string(trim(fetched.media_type.substr(0, fetched.media_type.find(';'))));
  return fetched;
}

HttpResponse Repository::stream(const HttpRequest& request, const TakeBytes& take) {
  const auto hand_on = [&](std::string_view piece) {
    take(piece);
    return true;
  };
  auto with_login = request;
  const auto known = logins_.find(reference_);
  if (!known.empty()) with_login.headers.emplace_back("Authorization", known);
  HttpResponse answer = http_.stream(with_login, hand_on, kSilence, stop_);
  if (answer.status != 401) return answer;
  const auto authorization = authorize_after(answer);
  if (authorization.empty() || authorization == known) return answer;
  with_login = request;
  with_login.headers.emplace_back("Authorization", authorization);
  return http_.stream(with_login, hand_on, kSilence, stop_);
}

void Repository::blob(const Descriptor& part, const TakeBytes& take) {
  if (!part.digest.starts_with("sha256:")) {
    throw Error(ExitCode::unknown, fmt::format("the blob '{}' of '{}' cannot be checked: only sha256 is known",
                                               printable(part.digest, 100), name()));
  }
  Checked checked(part, name(), take);
  const HttpResponse answer =
      stream(request_for("blobs", part.digest), [&](std::string_view piece) { checked.take(piece); });
  if (!answer.is_success()) throw refusal(answer, fmt::format("{}@{}", name(), part.digest));
  checked.finish();
}

Error Repository::refusal(const HttpResponse& answer, std::string_view name) const {
  std::string hint = fmt::format("See that '{}' is the registry.", reference_.host);
  if (answer.status == 401 || answer.status == 403) {
    hint = fmt::format("Log in to {} (docker login; auths in the docker config are read, credential helpers are not).",
                       reference_.host);
  } else if (answer.status == 429) {
    hint = "Wait, or log in: the registry limits how often it is asked.";
  }
  return {ExitCode::unknown,
          fmt::format("the registry did not tell about '{}': status {}: '{}'", name, answer.status,
                      printable(trim(answer.body), 200)),
          std::move(hint)};
}

}  // namespace baton::registry
