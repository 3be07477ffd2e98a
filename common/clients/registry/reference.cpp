// Takes image names apart as Docker does.
#include "common/clients/registry/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::registry {
namespace {

constexpr std::string_view kHub = "registry-1.docker.io";
constexpr std::string_view kDigestPrefix = "sha256:";
constexpr std::size_t kMaxTag = 128;
constexpr std::size_t kMaxName = 255;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_word(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_component(std::string_view text) {
  const auto is_allowed = [](char c) { return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return !text.empty() && is_lower_or_digit(text.front()) && is_lower_or_digit(text.back()) &&
         std::ranges::all_of(text, is_allowed) && text.find("..") == std::string_view::npos;
}

bool is_repository(std::string_view text) {
  return text.size() <= kMaxName && std::ranges::all_of(split(text, '/'), is_component);
}

bool is_tag(std::string_view text) {
  const auto is_allowed = [](char c) { return is_word(c) || c == '.' || c == '-'; };
  return !text.empty() && text.size() <= kMaxTag && is_word(text.front()) && std::ranges::all_of(text, is_allowed);
}

bool is_host(std::string_view text) {
  const auto is_allowed = [](char c) { return is_word(c) || c == '.' || c == '-' || c == ':' || c == '[' || c == ']'; };
  return !text.empty() && std::ranges::all_of(text, is_allowed);
}

/// Docker's rule: what stands before the first slash is a host when it could be no folder of Docker Hub.
bool names_a_host(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
}

Error unusable(std::string_view image, std::string_view cause) {
  return {ExitCode::usage, fmt::format("the image '{}' cannot be used: {}", printable(image, 300), cause),
          "Write it as registry.example.com/name, with :tag or @sha256:digest where one is meant."};
}

/// Cuts off what follows the last `mark`, and gives it back.
std::string cut_behind(std::string_view& text, std::size_t mark) {
  if (mark == std::string_view::npos) return {};
  std::string behind(text.substr(mark + 1));
  text = text.substr(0, mark);
  return behind;
}

void resolve_hub(Reference& reference) {
  const bool is_hub = reference.host.empty() || reference.host == "docker.io" || reference.host == "index.docker.io";
  if (!is_hub) return;
  reference.host = kHub;
  if (reference.repository.find('/') == std::string::npos) reference.repository = "library/" + reference.repository;
}

}  // namespace

Reference parse_reference(std::string_view image) {
  Reference reference;
  std::string_view rest = image;
  const std::size_t at = rest.find('@');
  reference.digest = cut_behind(rest, at);
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos && names_a_host(rest.substr(0, slash))) {
    reference.host = rest.substr(0, slash);
    rest = rest.substr(slash + 1);
    if (!is_host(reference.host)) throw unusable(image, "its host is malformed");
  }
  const std::size_t colon = rest.find(':');
  reference.tag = cut_behind(rest, colon);
  reference.repository = rest;
  resolve_hub(reference);
  if (!is_repository(reference.repository)) throw unusable(image, "its name is malformed");
  if (colon != std::string_view::npos && !is_tag(reference.tag)) throw unusable(image, "its tag is malformed");
  const bool is_digest = reference.digest.starts_with(kDigestPrefix) &&
                         is_sha256_hex(std::string_view(reference.digest).substr(kDigestPrefix.size()));
  if (at != std::string_view::npos && !is_digest) throw unusable(image, "its digest is no sha256:… digest");
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  return reference;
}

bool is_loopback(std::string_view host) {
  if (host.starts_with("[")) return host.starts_with("[::1]");
  const std::string_view name = host.substr(0, host.find(':'));
  if (name == "localhost") return true;
  const bool is_numeric = std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return is_numeric && name.starts_with("127.") && std::ranges::count(name, '.') == 3;
}

}  // namespace baton::registry
