// Proxies from the environment.
#include "common/io/proxy.h"

#include <algorithm>

#include "common/core/text.h"

namespace baton {
namespace {

std::optional<std::string> either(const Environment& environment, const std::string& name) {
  if (const auto value = environment.find(to_lower(name))) return value;
  return environment.find(name);
}

bool is_listed(const Url& url, std::string_view entry) {
  entry = trim(entry);
  if (entry == "*") return true;
  if (const auto colon = entry.rfind(':'); colon != std::string_view::npos && entry.find(':') == colon) {
    if (entry.substr(colon + 1) != std::to_string(url.port)) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty()) return false;
  const std::string host = to_lower(url.host);
  const std::string name = to_lower(entry);
  return host == name || host.ends_with("." + name);
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.") || host.ends_with(".localhost");
}

std::optional<Url> proxy_for(const Url& url, const Environment& environment) {
  if (is_loopback_host(url.host)) return std::nullopt;
  const auto proxy = either(environment, url.scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!proxy) return std::nullopt;
  const auto exceptions = split(either(environment, "NO_PROXY").value_or(""), ',');
  const bool direct = std::any_of(exceptions.begin(), exceptions.end(),
                                  [&](const std::string& entry) { return is_listed(url, entry); });
  if (direct) return std::nullopt;
  return parse_url(proxy->find("://") == std::string::npos ? "http://" + *proxy : *proxy);
}

}  // namespace baton
