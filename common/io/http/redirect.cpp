// Redirects.
#include "common/io/http/redirect.h"

#include <algorithm>
#include <array>

#include "common/core/redact.h"
#include "common/io/http/headers.h"
#include "common/io/http/no_answer.h"

namespace baton {
namespace {

constexpr std::array kStatuses = {301, 302, 303, 307, 308};
constexpr std::array<std::string_view, 4> kHarmless = {"Accept", "Content-Type", "User-Agent", "Range"};

bool is_harmless(std::string_view name) {
  return std::ranges::any_of(kHarmless, [&](std::string_view harmless) { return is_same_header(name, harmless); });
}

bool becomes_get(const HttpRequest& request, int status) {
  if (status == 303) return request.method != "HEAD";
  return (status == 301 || status == 302) && request.method == "POST";
}

Url parse_target(const std::string& location, const std::string& from) {
  try {
    return parse_url(location);
  } catch (const Error& error) {
    throw Unanswered({.reason = std::string("it redirects badly: ") + error.what(),
                      .hint = "Correct the redirect, or name the final URL.",
                      .is_lasting = true,
                      .url = from});
  }
}

}  // namespace

bool is_redirect(const HttpResponse& response) {
  return std::ranges::find(kStatuses, response.status) != kStatuses.end() && !response.header("Location").empty();
}

HttpRequest redirected(HttpRequest request, const HttpResponse& response) {
  const Url from = parse_url(request.url);
  const std::string location = resolve_location(from, response.header("Location"));
  const Url to = parse_target(location, request.url);
  if (from.scheme == "https" && to.scheme == "http") {
    throw Unanswered({.reason = "it redirects to plain http: '" + redact(location) + "'",
                      .hint = "Correct the redirect, or name the final URL.",
                      .is_lasting = true,
                      .url = request.url});
  }
  request.url = location;
  if (becomes_get(request, response.status)) {
    request.method = "GET";
    request.body.clear();
  }
  if (!to.is_same_origin(from)) std::erase_if(request.headers, [](const auto& h) { return !is_harmless(h.first); });
  return request;
}

}  // namespace baton
