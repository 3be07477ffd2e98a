// Finds the login of a registry and exchanges it for a token.
#include "common/clients/registry/auth.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "common/io/url.h"

namespace baton::registry {
namespace {

fs::path docker_config(const Environment& environment) {
  if (const auto file = environment.find("REGISTRY_AUTH_FILE")) return *file;
  if (const auto folder = environment.find("DOCKER_CONFIG")) return fs::path(*folder) / "config.json";
  return fs::path(home_folder(environment)) / ".docker" / "config.json";
}

/// "https://index.docker.io/v1/" and "registry-1.docker.io/library" are ways to write the same place.
std::string place_of(std::string_view key) {
  const std::size_t scheme = key.find("://");
  std::string place(scheme == std::string_view::npos ? key : key.substr(scheme + 3));
  for (const std::string_view suffix : {"/", "/v1", "/v2"}) {
    if (place.ends_with(suffix)) place.erase(place.size() - suffix.size());
  }
  for (const std::string_view hub : {"index.docker.io", "docker.io"}) {
    if (place.starts_with(hub)) return "registry-1.docker.io" + place.substr(hub.size());
  }
  return place;
}

bool covers(std::string_view place, std::string_view image) {
  return image.starts_with(place) && (image.size() == place.size() || image[place.size()] == '/');
}

std::string decoded_auth(const Json& entry, const std::string& file, const std::string& key) {
  const std::string encoded = entry["auth"].string_or("");
  try {
    return encoded.empty() ? std::string{} : from_wrapped_base64(encoded);
  } catch (const Error& error) {
    throw Error(ExitCode::unknown,
                fmt::format("cannot read auths['{}'].auth of '{}': {}", printable(key, 200), file, error.what()),
                "Log in to the registry again.");
  }
}

Login read_login(const Json& entry, const std::string& file, const std::string& key) {
  Login login{.basic = decoded_auth(entry, file, key), .identity_token = entry["identitytoken"].string_or("")};
  const std::string user = entry["username"].string_or("");
  if (login.basic.empty() && !user.empty()) login.basic = user + ":" + entry["password"].string_or("");
  return login;
}

const Challenge* challenge_of(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
  return found == challenges.end() ? nullptr : &*found;
}

std::string value_of(const Challenge& challenge, const std::string& name) {
  const auto found = challenge.parameters.find(name);
  return found == challenge.parameters.end() ? std::string{} : found->second;
}

std::string basic(const Login& login) { return "Basic " + to_base64(login.basic); }

/// A realm is the registry's word, not ours: one that cannot be asked leaves the image unknown.
Url token_service(const Challenge& challenge, const Reference& reference) {
  const std::string realm = value_of(challenge, "realm");
  try {
    return parse_url(realm);
  } catch (const Error&) {
    throw Error(ExitCode::unknown,
                fmt::format("the registry '{}' names a token service that is no URL: '{}'", reference.host,
                            printable(redact(realm), 200)),
                "Ask who runs the registry: its WWW-Authenticate header must hold an absolute URL as realm.");
  }
}

/// The image's own, and the one that the registry names: a mirror may call the repository something else.
std::vector<std::string> scopes_for(const Challenge& challenge, const Reference& reference) {
  std::vector<std::string> scopes{"repository:" + reference.repository + ":pull"};
  const std::string named = value_of(challenge, "scope");
  if (named.starts_with("repository:") && named != scopes.front()) scopes.push_back(named);
  return scopes;
}

/// A GET as the distribution specification has it; logins that are tokens themselves are exchanged by a POST.
HttpRequest token_request(const Challenge& challenge, const Reference& reference, const std::optional<Login>& login,
                          bool may_send_login) {
  const std::string realm = value_of(challenge, "realm");
  const std::string service = "service=" + percent_encode(value_of(challenge, "service"));
  const std::vector<std::string> scopes = scopes_for(challenge, reference);
  if (login && may_send_login && !login->identity_token.empty()) {
    return {.method = "POST",
            .url = realm,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
            .body = fmt::format("grant_type=refresh_token&client_id=baton&refresh_token={}&{}&scope={}",
                                percent_encode(login->identity_token), service, percent_encode(join(scopes, " "))),
            .max_body = 1U << 20U,
            .retry = true};
  }
  std::string url = realm + (realm.find('?') == std::string::npos ? "?" : "&") + service;
  for (const std::string& scope : scopes) url += "&scope=" + percent_encode(scope);
  HttpRequest request{.url = url, .max_body = 1U << 20U};
  if (login && may_send_login && !login->basic.empty()) request.headers.emplace_back("Authorization", basic(*login));
  return request;
}

std::string fetch_token(HttpClient& http, const HttpRequest& request, const Reference& reference,
                        std::stop_token stop) {
  const HttpResponse answer = http.send(request, stop);
  const std::string name = fmt::format("the token service of '{}'", reference.host);
  if (!answer.is_success()) {
    throw Error(ExitCode::unknown,
                fmt::format("{} gave no token for '{}': status {}", name, reference.repository, answer.status),
                fmt::format("Log in to {} with an account that may pull the image.", reference.host));
  }
  const Json body = parse_json(answer.body, fmt::format("answer of {}", name));
  std::string token = body["token"].string_or(body["access_token"].string_or(""));
  if (token.empty()) throw Error(ExitCode::unknown, fmt::format("{} answered without a token", name));
  return token;
}

}  // namespace

std::optional<Login> find_login(const Environment& environment, const Reference& reference) {
  const fs::path file = docker_config(environment);
  const std::optional<std::string> text = read_file_if_exists(file, 16U << 20U);
  if (!text) return std::nullopt;
  const Json config = parse_json(*text, file.string());
  const std::string image = reference.host + "/" + reference.repository;
  const Json* best = nullptr;
  std::string best_key;
  std::size_t longest = 0;
  for (const auto& [key, entry] : config["auths"].members_or_none()) {
    const std::string place = place_of(key);
    if (place.size() > longest && covers(place, image)) {
      best = &entry;
      best_key = key;
      longest = place.size();
    }
  }
  if (best == nullptr) return std::nullopt;
  Login login = read_login(*best, file.string(), best_key);
  if (login.basic.empty() && login.identity_token.empty()) return std::nullopt;
  return login;
}

std::string authorize(HttpClient& http, const std::vector<Challenge>& challenges, const Reference& reference,
                      const std::optional<Login>& login, bool is_plain, std::stop_token stop) {
  if (const Challenge* bearer = challenge_of(challenges, "bearer")) {
    const Url service = token_service(*bearer, reference);
    // Over plain HTTP a login goes back to where it came from at most, and never in the open to another host.
    const bool is_own = is_plain && service.host_header() == to_lower(reference.host);
    const bool may_send_login = service.scheme == "https" || is_own;
    return "Bearer " + fetch_token(http, token_request(*bearer, reference, login, may_send_login), reference, stop);
  }
  const bool can_be_basic = login && !login->basic.empty() && challenge_of(challenges, "basic") != nullptr;
  return can_be_basic ? basic(*login) : std::string{};
}

}  // namespace baton::registry
