// One client of each kind for all checks.
#include "tools/precheck/look.h"

#include "common/core/not_configured.h"
#include "common/io/connection.h"
#include "common/io/http/proxy.h"
#include "common/rollback/scope.h"
#include "common/rollout/adopt.h"
#include "common/rollout/wanted.h"

namespace baton::precheck {

void Look::visit(const kube::Resource& resource, const kube::ListVisitor& visitor) const {
  cluster().visit(resource, {}, visitor, stop());
}

const rollout::Live& Look::live() const {
  return live_.get([&] {
    auto context = this->context();
    return rollout::find_live(context);
  });
}

judge::Scope Look::live_scope() const {
  auto context = this->context();
  return rollback::scope_of(context, live());
}

Json Look::next_deployment() const {
  const auto& [name, manifest] = image();
  if (!manifest) {
    throw Error(ExitCode::unknown, "the digest of '" + name + "' is not known: the registry has no such tag",
                "Push it, or correct image and tag.");
  }
  const auto move = rollout::plan_move(context(), live(), release().version, manifest->digest);
  return rollout::wanted_deployment(config(), move, live().deployment);
}

Json Look::known_next_deployment() const {
  try {
    return next_deployment();
  } catch (const Error& error) {
    const bool is_absent = dynamic_cast<const NotConfigured*>(&error) != nullptr;
    if (error.code() != ExitCode::usage || is_absent) throw;
    throw Error(ExitCode::unknown, error.what(), error.hint());
  }
}

std::string Look::live_description() const {
  auto context = this->context();
  return rollout::live_description(context);
}

const Image& Look::image() const {
  return image_.get([&] {
    Image image{.name = image_with_tag(env_)};
    image.manifest = connect_registry(env_).resolve(registry::parse_reference(image.name), stop());
    return image;
  });
}

prometheus::Client& Look::metrics() const {
  return metrics_.get([&] { return connect_metrics(env_); });
}

HttpClient& Look::http() const {
  return http_.get([&] { return env_.http(); });
}

HttpClient Look::http_for(const Endpoint& endpoint, std::string_view key) const {
  return env_.http(tls_for(endpoint), origin(std::string(key)));
}

void Look::reach(const Url& url, const std::string& shown) const {
  const Connection connection({.host = url.host,
                               .port = url.port,
                               .is_tls = url.scheme == "https",
                               .proxy = proxy_for(url, env_.environment),
                               .shown = shown},
                              stop());
}

kube::Client& Look::cluster() const {
  return cluster_.get([&] { return connect_cluster(env_); });
}

rollout::Context Look::context() const {
  return {.kube = cluster(),
          .config = config(),
          .clock = env_.clock,
          .http = http(),
          .stop = stop(),
          .app = config().app,
          .id = env_.release.id,
          .say = [](const std::string&) {}};
}

}  // namespace baton::precheck
