// Proxies from the environment.
#include "common/io/http/proxy.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/redact.h"
#include "common/core/text.h"
#include "common/io/address.h"

namespace baton {
namespace {

std::optional<std::string> either(const Environment& environment, const std::string& name) {
  if (auto value = environment.find(to_lower(name))) return value;
  return environment.find(name);
}

/// "host:8080" or "[::1]:8080" without the port, when the port is the URL's or there is none.
std::optional<std::string_view> without_port(std::string_view entry, int port) {
  std::string_view host = entry;
  std::string_view number;
  if (entry.starts_with('[')) {
    const auto bracket = std::min(entry.find(']'), entry.size());
    host = entry.substr(1, bracket - 1);
    number = entry.substr(std::min(bracket + 1, entry.size()));
  } else if (const auto colon = entry.find(':'); colon != std::string_view::npos && entry.rfind(':') == colon) {
    host = entry.substr(0, colon);
    number = entry.substr(colon);
  }
  if (number.empty() || number == ":" + std::to_string(port)) return host;
  return std::nullopt;
}

bool is_listed(const Url& url, std::string_view text) {
  const std::string_view entry = trim(text);
  if (entry == "*") return true;
  auto name = without_port(entry, url.port);
  if (!name || name->empty()) return false;
  if (is_in_network(url.host, *name)) return true;
  if (name->starts_with('*')) name->remove_prefix(1);
  if (name->starts_with('.')) name->remove_prefix(1);
  const std::string wanted = to_lower(*name);
  return !wanted.empty() && (url.host == wanted || url.host.ends_with("." + wanted));
}

}  // namespace

Url parse_proxy(std::string_view proxy, std::string_view where) {
  const std::string text =
      proxy.find("://") == std::string_view::npos ? "http://" + std::string(proxy) : std::string(proxy);
  if (starts_with_icase(text, "http://")) return parse_url(text);
  throw Error(
      ExitCode::usage,
      "cannot use the proxy '" + redact(text) + "' of " + std::string(where) + ": only http:// proxies are spoken to",
      "Name a proxy as http://host:port; https still passes through it unread.");
}

std::optional<Url> proxy_for(const Url& url, const Environment& environment) {
  if (is_loopback_host(url.host)) return std::nullopt;
  const std::string name = url.scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const auto proxy = either(environment, name);
  if (!proxy) return std::nullopt;
  const auto exceptions = split(either(environment, "NO_PROXY").value_or(""), ',');
  const bool is_direct =
      std::ranges::any_of(exceptions, [&](const std::string& entry) { return is_listed(url, entry); });
  return is_direct ? std::nullopt : std::optional(parse_proxy(*proxy, name));
}

}  // namespace baton
