// One client of each kind for all checks.
#include "tools/precheck/look.h"

#include "common/rollback/scope.h"
#include "common/rollout/live.h"

namespace baton::precheck {

void Look::visit(const kube::Resource& resource, const kube::ListVisitor& visitor) const {
  cluster().visit(resource, {}, visitor, stop());
}

judge::Scope Look::live() const {
  auto context = this->context();
  return rollback::scope_of(context, rollout::find_live(context));
}

std::string Look::live_description() const {
  auto context = this->context();
  return rollout::live_description(context);
}

Image Look::image() const {
  Image image{.name = image_with_tag(env_)};
  image.manifest = connect_registry(env_).resolve(registry::parse_reference(image.name), stop());
  return image;
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

/// A context that says nothing: of looking there is nothing to tell.
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
