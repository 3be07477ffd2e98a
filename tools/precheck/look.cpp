// One client of each kind for all checks.
#include "tools/precheck/look.h"

#include "common/config/sections/precheck.h"
#include "common/core/not_configured.h"
#include "common/core/redact.h"
#include "common/io/connection.h"
#include "common/io/http/proxy.h"
#include "common/rollback/scope.h"
#include "common/rollout/adopt.h"
#include "common/rollout/lease_record.h"
#include "common/rollout/wanted.h"

namespace baton::precheck {
namespace {

const registry::Manifest& pushed(const Image& image) {
  if (image.manifest) return *image.manifest;
  throw Error(ExitCode::unknown, "the digest of '" + image.name + "' is not known: the registry has no such tag",
              "Push it, or correct image and tag.");
}

}  // namespace

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
  const auto move = rollout::plan_move(context(), live(), release().version, pushed(image()).digest);
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
    image.manifest = registry().resolve(registry::parse_reference(image.name), stop());
    return image;
  });
}

registry::Client& Look::registry() const {
  return registry_.get([&] { return connect_registry(env_); });
}

registry::Reference Look::image_reference() const {
  auto reference = registry::parse_reference(image().name);
  reference.digest = pushed(image()).digest;  // the tag may have moved since
  return reference;
}

const std::vector<ImageParts>& Look::image_parts() const {
  return image_parts_.get([&] { return find_parts(registry(), image_reference(), stop()); });
}

const PulledImage& Look::pulled_image() const {
  return pulled_image_.get([&] { return pull_image(registry(), image_reference(), image_parts(), stop()); });
}

rollout::LeaseRecord Look::lease_record() const {
  auto context = this->context();
  return rollout::read_lease(context);
}

std::optional<rollout::LeaseRecord> Look::staging_lease_record() const {
  const auto& staging = config().precheck().staging;
  if (staging.context.empty() && staging.namespace_name.empty()) return std::nullopt;
  auto context = this->staging();
  return rollout::read_lease(context);
}

std::vector<std::string> Look::image_digests() const {
  const auto reference = image_reference();
  std::vector<std::string> digests{reference.digest};
  for (const auto& below : registry().images(reference, stop())) {
    for (const auto& digest : {below.digest, below.config.digest}) {
      if (!digest.empty()) digests.push_back(digest);
    }
  }
  return digests;
}

prometheus::Client& Look::metrics() const {
  return metrics_.get([&] { return connect_metrics(env_); });
}

HttpClient& Look::http() const {
  return http_.get([&] { return env_.http(); });
}

HttpClient Look::http_to(const Endpoint& endpoint, std::string_view key) const {
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

rollout::Context Look::context() const { return context_of(cluster()); }

rollout::Context Look::staging() const {
  auto& staging = staging_.get([&] { return connect_staging(env_); });
  const auto& production = cluster();
  if (staging.server() == production.server() && staging.namespace_name() == production.namespace_name()) {
    throw Error(ExitCode::unknown,
                "precheck.staging.kubernetes leads to production itself: namespace '" + staging.namespace_name() +
                    "' of '" + redact(staging.server()) + "'",
                "Name staging's context or namespace there.");
  }
  return context_of(staging);
}

rollout::Context Look::context_of(kube::Client& kube) const {
  return {.kube = kube,
          .config = config(),
          .clock = env_.clock,
          .http = http(),
          .stop = stop(),
          .app = config().app,
          .id = env_.release.id,
          .say = [](const std::string&) {}};
}

}  // namespace baton::precheck
