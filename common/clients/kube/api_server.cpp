// Attaches credentials to requests, and renews those that end.
#include "common/clients/kube/api_server.h"

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPluginTimeout = 1min;
// A credential that ends while the request is on its way would be refused.
constexpr Duration kExpiryMargin = 10s;

std::string bearer(const std::string& token) { return "Bearer " + token; }

}  // namespace

ApiServer::ApiServer(Cluster cluster, Environment environment, Clock& clock, HttpSettings settings)
    : cluster_(std::move(cluster)),
      environment_(std::move(environment)),
      clock_(clock),
      settings_(std::move(settings)) {
  settings_.tls = cluster_.tls;
  settings_.proxy = cluster_.proxy;
  http_ = make_http(cluster_.credentials.certificate_pem, cluster_.credentials.key_pem);
}

std::shared_ptr<HttpClient> ApiServer::make_http(const std::string& certificate, const std::string& key) const {
  HttpSettings settings = settings_;
  settings.origin = cluster_.origin;
  settings.tls.certificate_pem = certificate;
  settings.tls.key_pem = key;
  return std::make_shared<HttpClient>(settings, environment_, clock_);
}

/// The file is newer than the token beside it. Whoever rotates it may have emptied it for a moment: what was read last
/// is as good as it was, and a request without any would be nobody's.
std::string ApiServer::own_token() {
  const auto& credentials = cluster_.credentials;
  if (credentials.token_file.empty()) return credentials.token;
  const std::scoped_lock lock(mutex_);
  try {
    if (const auto read = trim(read_file(credentials.token_file, 1U << 20U)); !read.empty()) last_token_ = read;
  } catch (const Error&) {
    if (last_token_.empty() && credentials.token.empty()) throw;
  }
  return last_token_.empty() ? credentials.token : last_token_;
}

std::string ApiServer::own_authorization() {
  if (const std::string token = own_token(); !token.empty()) return bearer(token);
  const auto& credentials = cluster_.credentials;
  if (credentials.username.empty()) return {};
  return "Basic " + to_base64(credentials.username + ":" + credentials.password);
}

ApiServer::Identity ApiServer::plugin_identity(std::stop_token stop) {
  const std::scoped_lock lock(mutex_);
  const bool is_over =
      plugin_credential_ && plugin_credential_->expires && *plugin_credential_->expires - kExpiryMargin <= clock_.now();
  if (!plugin_credential_ || is_over) {
    plugin_credential_ = run_exec_plugin(*cluster_.credentials.exec, kPluginTimeout, stop);
    if (!plugin_credential_->key_pem.empty()) {
      http_ = make_http(plugin_credential_->certificate_pem, plugin_credential_->key_pem);
    }
  }
  const std::string& token = plugin_credential_->token;
  return {.authorization = token.empty() ? std::string{} : bearer(token), .http = http_};
}

ApiServer::Identity ApiServer::identity(std::stop_token stop) {
  std::string authorization = own_authorization();
  if (authorization.empty() && cluster_.credentials.exec) return plugin_identity(stop);
  return {.authorization = std::move(authorization), .http = http_};
}

void ApiServer::forget(const Identity& refused) {
  const std::scoped_lock lock(mutex_);
  // Another thread may have renewed it already.
  const bool is_ours = refused.http == http_ && (!plugin_credential_ || plugin_credential_->token.empty() ||
                                                 refused.authorization == bearer(plugin_credential_->token));
  if (is_ours) plugin_credential_.reset();
}

HttpResponse ApiServer::call_as_somebody(HttpRequest request, const Call& call, std::stop_token stop) {
  request.url = cluster_.server + request.url;
  for (const auto& header : cluster_.credentials.impersonation) request.headers.push_back(header);
  const auto ask = [&](const Identity& who) {
    HttpRequest signed_request = request;
    if (!who.authorization.empty()) signed_request.headers.emplace_back("Authorization", who.authorization);
    return call(*who.http, signed_request);
  };
  const Identity first = identity(stop);
  HttpResponse answer = ask(first);
  if (answer.status != 401 || !cluster_.credentials.exec) return answer;
  forget(first);
  return ask(identity(stop));
}

HttpResponse ApiServer::send(HttpRequest request, std::stop_token stop) {
  const Call call = [&stop](HttpClient& http, const HttpRequest& full) { return http.send(full, stop); };
  return call_as_somebody(std::move(request), call, stop);
}

HttpResponse ApiServer::stream(HttpRequest request, const std::function<bool(std::string_view)>& take, Duration idle,
                               std::stop_token stop) {
  const Call call = [&](HttpClient& http, const HttpRequest& full) { return http.stream(full, take, idle, stop); };
  return call_as_somebody(std::move(request), call, stop);
}

}  // namespace baton::kube
