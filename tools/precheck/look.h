// What a check may use of the world: to read, made when it is first asked for, shared by all checks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clients/registry/client.h"
#include "common/io/zone_file.h"
#include "common/judge/scope.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/step/connect.h"
#include "tools/precheck/lazy.h"
#include "tools/precheck/pulled_image.h"

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
  const Environment& environment() const { return env_.environment; }
  /// The release's tag, as the registry has it.
  const Image& image() const;
  /// By its digest. Throws Error{unknown} where the registry has no such tag.
  registry::Reference image_reference() const;
  registry::Client& registry() const;
  /// The image's platforms, at least one.
  const std::vector<ImageParts>& image_parts() const;
  /// All of its layers; the first to ask waits for them.
  const PulledImage& pulled_image() const;
  /// What the cluster remembers of this app's deployments.
  rollout::LeaseRecord lease_record() const;
  /// The same of staging's cluster or namespace; nothing where precheck.staging.kubernetes names neither.
  std::optional<rollout::LeaseRecord> staging_lease_record() const;
  /// A client of its own, that trusts what the endpoint says; `key` named it.
  HttpClient http_to(const Endpoint& endpoint, std::string_view key) const;
  bool is_given(std::string_view key) const { return env_.loaded.is_given(key); }
  /// Every digest that tools may call the release's image by: the tag's own, and those of the images below it. Throws
  /// Error{unknown} when the registry has no such tag.
  std::vector<std::string> image_digests() const;
  prometheus::Client& metrics() const;
  HttpClient& http() const;
  /// The cluster and namespace where the release is tried, to read. Throws Error{unknown} where that is production.
  rollout::Context staging() const;
  /// Name, connection and TLS, by the proxy that a request would take; nothing is asked. Throws Error{unknown} naming
  /// `shown`.
  void reach(const Url& url, const std::string& shown) const;
  /// Of the system's database. Throws Error{unknown} where it has no such zone.
  TimeZone zone(const std::string& name) const { return load_zone(name, env_.environment); }
  const View& view() const { return env_; }

 private:
  kube::Client& cluster() const;
  rollout::Context context_of(kube::Client& kube) const;

  const View& env_;
  mutable Lazy<kube::Client> cluster_ = {};
  mutable Lazy<kube::Client> staging_ = {};
  mutable Lazy<rollout::Live> live_ = {};
  mutable Lazy<registry::Client> registry_ = {};
  mutable Lazy<Image> image_ = {};
  mutable Lazy<std::vector<ImageParts>> image_parts_ = {};
  mutable Lazy<PulledImage> pulled_image_ = {};
  mutable Lazy<prometheus::Client> metrics_ = {};
  mutable Lazy<HttpClient> http_ = {};
};

}  // namespace baton::precheck
