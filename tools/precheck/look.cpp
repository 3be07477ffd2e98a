// One client of each kind for all checks.
#include "tools/precheck/look.h"

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/precheck.h"
#include "common/rollback/scope.h"
#include "common/rollout/adopt.h"
#include "common/rollout/lease_record.h"
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
  const auto& [name, manifest] = image();
  if (!manifest) {
    throw Error(ExitCode::unknown, "the registry has no '" + name + "'", "Push it, or correct image and tag.");
  }
  auto reference = registry::parse_reference(name);
  reference.digest = manifest->digest;
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
  const auto& context = staging.context.empty() ? config().kubernetes().context : staging.context;
  kube::Client cluster(kube::load_cluster(env_.environment, context, staging.namespace_name), env_.environment,
                       env_.clock);
  const auto lease = cluster.find(kube::kLeases, rollout::lease_name(config().app), stop());
  return lease ? rollout::lease_record(*lease) : rollout::LeaseRecord{};
}

prometheus::Client& Look::metrics() const {
  return metrics_.get([&] { return connect_metrics(env_); });
}

HttpClient& Look::http() const {
  return http_.get([&] { return env_.http(); });
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
