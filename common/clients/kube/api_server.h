// One API server, spoken to as somebody: credentials are attached, renewed in time, and never printed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/clients/kube/exec.h"
#include "common/clients/kube/kubeconfig.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/http/client.h"

namespace baton::kube {

class ApiServer {
 public:
  ApiServer(Cluster cluster, Environment environment, Clock& clock, HttpSettings settings);

  const Cluster& cluster() const { return cluster_; }
  Clock& clock() const { return clock_; }

  /// As HttpClient's, but `request.url` is a path, and a 401 makes an exec plugin run once more.
  HttpResponse send(HttpRequest request, std::stop_token stop = {});
  HttpResponse stream(HttpRequest request, const std::function<bool(std::string_view)>& take, Duration idle,
                      std::stop_token stop = {});

 private:
  struct Identity {
    std::string authorization;  ///< value of the header; empty: none
    std::shared_ptr<HttpClient> http;
  };
  using Call = std::function<HttpResponse(HttpClient&, const HttpRequest&)>;

  HttpResponse call_as_somebody(HttpRequest request, const Call& call, std::stop_token stop);
  Identity identity(std::stop_token stop);
  std::string own_token();
  std::string own_authorization();
  Identity plugin_identity(std::stop_token stop);
  void forget(const Identity& refused);
  std::shared_ptr<HttpClient> make_http(const std::string& certificate, const std::string& key) const;

  Cluster cluster_;
  Environment environment_;
  Clock& clock_;
  HttpSettings settings_;
  std::mutex mutex_;
  std::shared_ptr<HttpClient> http_;
  std::string last_token_ = {};  ///< that the file held
  std::optional<ExecCredential> plugin_credential_;
};

}  // namespace baton::kube
