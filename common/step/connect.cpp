// Wires clients to baton.yaml.
#include "common/step/connect.h"

#include <fmt/format.h>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/metrics.h"
#include "common/config/sections/precheck.h"
#include "common/core/not_configured.h"
#include "common/core/text.h"

namespace baton {

std::string origin_of(const View& env, const std::string& key) { return key + ", " + env.loaded.origin(key); }

TlsSettings tls_for(const Endpoint& endpoint) { return {.ca_file = endpoint.ca}; }

kube::Client connect_cluster(const View& env) {
  const auto& kubernetes = env.config.kubernetes();
  auto cluster = kube::load_cluster(env.environment, kubernetes.context, kubernetes.namespace_);
  return kube::Client(std::move(cluster), env.environment, env.clock);
}

kube::Client connect_staging(const View& env) {
  const auto& staging = env.config.precheck().staging;
  const auto& context = staging.context.empty() ? env.config.kubernetes().context : staging.context;
  return kube::Client(kube::load_cluster(env.environment, context, staging.namespace_name), env.environment, env.clock);
}

std::string namespace_of(const View& env) {
  const auto& kubernetes = env.config.kubernetes();
  if (!kubernetes.namespace_.empty()) return kubernetes.namespace_;
  try {
    return kube::load_cluster(env.environment, kubernetes.context, "").namespace_name;
  } catch (const Error& error) {
    throw Error(ExitCode::usage, fmt::format("the namespace of the release is not known: {}", error.what()),
                "Set kubernetes.namespace, or give --namespace.");
  }
}

prometheus::Client connect_metrics(const View& env) {
  const auto& store = env.config.metrics().prometheus;
  if (store.url.empty()) {
    throw NotConfigured("metrics.prometheus is not configured",
                        "Set metrics.prometheus in the configuration, or --set metrics.prometheus=http://…; where "
                        "there is no such store, say why in precheck.not_applicable.metrics.");
  }
  return prometheus::Client({.url = store.url, .token = store.token, .headers = store.headers},
                            env.http(tls_for(store), origin_of(env, "metrics.prometheus")));
}

std::string reason_without_metrics(const View& env) {
  for (const auto name : kMetricsNames) {
    const auto declared = env.config.precheck().not_applicable.find(std::string(name));
    if (declared != env.config.precheck().not_applicable.end()) return "declared not applicable: " + declared->second;
  }
  const auto* precheck = find_step(env.earlier, "precheck");
  return precheck == nullptr ? "" : precheck->state["without_metrics"].string_or("");
}

std::optional<prometheus::Client> connect_metrics_if_configured(const View& env) {
  if (!env.loaded.is_given("metrics.prometheus") || !reason_without_metrics(env).empty()) return std::nullopt;
  return connect_metrics(env);
}

registry::Client connect_registry(const View& env) {
  return registry::Client(env.http({}, origin_of(env, "image")), env.environment, env.config.plain_http_registry);
}

std::string image_with_tag(const View& env) {
  if (env.config.image.empty())
    throw NotConfigured("image is not configured", "Set image in the configuration, or --set image=…");
  const auto& version = env.release.version;
  const auto tag = fill_placeholders(env.config.tag, [&](std::string_view name) -> std::optional<std::string> {
    if (name == "version") return version;
    if (name == "semver") return version.starts_with('v') ? version.substr(1) : version;
    if (name == "app") return env.config.app;
    return std::nullopt;
  });
  return env.config.image + ":" + tag;
}

rollout::Context context_for(Env& env, kube::Client& kube, HttpClient& http) {
  return {.kube = kube,
          .config = env.config,
          .clock = env.clock,
          .http = http,
          .stop = env.stop,
          .app = env.config.app,
          .id = env.release.id,
          .say = env.log_line,
          .progress = env.log.progress_lines(),
          .act = [&log = env.log](std::string_view id) { log.debug(fmt::format("act: {}", id)); }};
}

}  // namespace baton
