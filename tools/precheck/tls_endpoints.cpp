// Hosts and ports out of lists and URLs.
#include "tools/precheck/tls_endpoints.h"

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/io/url.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kScheme = "https://";

Error malformed(const std::string& text) {
  return {ExitCode::usage, "precheck.security.tls names '" + printable(text, 200) + "', which is no host:port",
          "Write it as api.example.com:443."};
}

TlsEndpoint endpoint_of(const std::string& text) {
  if (text.empty() || text.find_first_of("/@?# ") != std::string::npos) throw malformed(text);
  try {
    const auto url = parse_url(std::string(kScheme) + text);
    return {.host = url.host, .port = url.port, .key = "precheck.security.tls"};
  } catch (const Error&) {
    throw malformed(text);
  }
}

void add(std::vector<TlsEndpoint>& all, TlsEndpoint endpoint) {
  const auto is_same = [&](const TlsEndpoint& known) {
    return known.host == endpoint.host && known.port == endpoint.port;
  };
  if (std::ranges::none_of(all, is_same)) all.push_back(std::move(endpoint));
}

void add_url(std::vector<TlsEndpoint>& all, const std::string& text, const std::string& key) {
  if (!text.starts_with(kScheme)) return;
  const auto url = parse_url(text);
  add(all, {.host = url.host, .port = url.port, .key = key});
}

}  // namespace

std::string TlsEndpoint::text() const { return Url{.scheme = "https", .host = host, .port = port}.authority(); }

std::vector<TlsEndpoint> tls_endpoints(const Config& config) {
  std::vector<TlsEndpoint> all;
  for (const auto& text : config.precheck().security.tls) add(all, endpoint_of(text));
  for (const auto& url : config.rollout().public_urls) add_url(all, url, "switch.public");
  add_url(all, config.precheck().staging.url, "precheck.staging.url");
  return all;
}

}  // namespace baton::precheck
