// What a check may use of the world: to read, made when it is first asked for, shared by all checks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clients/registry/client.h"
#include "common/judge/scope.h"
#include "common/rollout/live.h"
#include "common/step/connect.h"
#include "tools/precheck/lazy.h"

namespace baton::precheck {

struct Image {
  std::string name;                                 ///< "registry.example.com/shop:v1.6.0"
  std::optional<registry::Manifest> manifest = {};  ///< nothing: the registry says there is no such tag
};

/// Safe from several threads. Whatever cannot be looked at throws Error{unknown}, what is not configured Error{usage}.
class Look {
 public:
  explicit Look(const View& env) : env_(env) {}

  const Config& config() const { return env_.config; }
  const Release& release() const { return env_.release; }
  bool is_standalone() const { return env_.is_standalone(); }
  Time now() const { return env_.clock.now(); }
  Duration monotonic() const { return env_.clock.monotonic(); }
  const std::stop_token& stop() const { return env_.stop; }
  /// Which line named an address, for errors.
  std::string origin(const std::string& key) const { return origin_of(env_, key); }

  /// Every object of a kind in the cluster, one page in memory at a time.
  void visit(const kube::Resource& resource, const kube::ListVisitor& visitor) const;
  /// What serves now. Throws Error{stop} where no switch can begin from it.
  const rollout::Live& live() const;
  /// The series of what serves now: the release's baseline.
  judge::Scope live_scope() const;
  /// What switch would bring up. Throws Error{usage} where its template does not fit.
  Json next_deployment() const;
  /// The same for checks that only want to know more of it: where its template does not fit, deployment-admitted says
  /// so, and here it is Error{unknown}.
  Json known_next_deployment() const;
  /// A context that says nothing: of looking there is nothing to tell.
  rollout::Context context() const;
  /// "deployment@image" of what serves now; empty when it cannot be told.
  std::string live_description() const;
  std::string namespace_name() const { return cluster().namespace_name(); }
  /// Empty when we may not read it.
  std::string cluster_uid() const { return cluster().cluster_uid(stop()); }
  /// The release's tag, as the registry has it.
  const Image& image() const;
  prometheus::Client& metrics() const;
  HttpClient& http() const;
  /// Another one, for a server with authorities of its own.
  HttpClient http_for(const Endpoint& endpoint, std::string_view key) const;
  /// Name, connection and TLS, by the proxy that a request would take; nothing is asked. Throws Error{unknown} naming
  /// `shown`.
  void reach(const Url& url, const std::string& shown) const;

 private:
  kube::Client& cluster() const;

  const View& env_;
  mutable Lazy<kube::Client> cluster_ = {};
  mutable Lazy<rollout::Live> live_ = {};
  mutable Lazy<Image> image_ = {};
  mutable Lazy<prometheus::Client> metrics_ = {};
  mutable Lazy<HttpClient> http_ = {};
};

}  // namespace baton::precheck
