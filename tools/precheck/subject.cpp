// The release's image and the live colour.
#include "tools/precheck/subject.h"

#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "common/rollout/live.h"
#include "common/step/connect.h"

namespace baton::precheck {
namespace {

/// Runs `look`; what cannot be looked at stays as it is.
template <typename Look>
void where_possible(const View& env, std::string_view what, Look look) {
  try {
    look();
  } catch (const Error& error) {
    if (error.code() == ExitCode::usage || error.code() == ExitCode::interrupted) throw;
    env.log.debug(std::string(what) + " is not known: " + error.what());
  }
}

/// A context of the rollout that only looks.
struct Looker {
  explicit Looker(Env& env) : kube(connect_cluster(env)), http(env.http()), context(context_for(env, kube, http)) {
    context.say = [](const std::string&) {};
  }
  kube::Client kube;
  HttpClient http;
  rollout::Context context;
};

void add_cluster(Env& env, Target& target) {
  Looker looker(env);
  target.namespace_ = looker.kube.namespace_name();
  target.service = rollout::service_name(env.config);
  target.cluster_uid = looker.kube.cluster_uid(env.stop);
  target.live = rollout::live_description(looker.context);
}

}  // namespace

Image resolve_image(Env& env) {
  Image image{.name = image_with_tag(env)};
  image.manifest = connect_registry(env).resolve(registry::parse_reference(image.name), env.stop);
  return image;
}

judge::Scope scope_of_live(Env& env) {
  Looker looker(env);
  const auto live = rollout::find_live(looker.context);
  return {.app = env.config.app,
          .namespace_ = looker.kube.namespace_name(),
          .colour = live.colour,
          .version = {},
          .deployment = rollout::name_of(live.deployment),
          .pods = rollout::names_of(live.pods)};
}

Identity identify(Env& env) {
  Identity identity;
  where_possible(env, "the cluster", [&] { add_cluster(env, identity.target); });
  if (!env.config.database().url.empty())
    identity.target.database = database::parse_address(env.config.database().url).identity;
  if (env.config.image.empty()) return identity;
  identity.subject.name = image_with_tag(env);
  where_possible(env, "the image's digest", [&] {
    const auto image = resolve_image(env);
    if (image.manifest) identity.subject.sha256 = image.manifest->digest.substr(image.manifest->digest.find(':') + 1);
  });
  return identity;
}

}  // namespace baton::precheck
