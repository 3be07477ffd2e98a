// Messages and the memory of those that were delivered.
#include "common/cli/announce.h"

#include <algorithm>

#include "common/core/digest.h"

namespace baton {
namespace {

fs::path memory_file(const Env& env) { return env.dir / "notified.json"; }

Json delivered_so_far(const Env& env) {
  const auto text = read_file_if_exists(memory_file(env));
  return text ? parse_json(*text, memory_file(env).string()) : Json::array();
}

bool contains(const Json& list, const std::string& entry) {
  const auto& items = list.items();
  return std::find(items.begin(), items.end(), Json(entry)) != items.end();
}

std::vector<NotifyTarget> targets_of(const NotifyConfig& config, Audience audience) {
  auto targets = config.to;
  if (audience == Audience::incident) targets.insert(targets.end(), config.incident.begin(), config.incident.end());
  return targets;
}

}  // namespace

void announce(Env& env, Audience audience, const notify::Message& message) {
  if (env.is_dry_run() || env.config.run.observe) return;
  const auto targets = targets_of(env.config.notify, audience);
  if (targets.empty()) return;
  Json delivered = delivered_so_far(env);
  HttpClient http = env.http();
  for (const auto& target : targets) {
    // The URL is a secret: its digest tells the channels apart.
    const std::string entry = env.release.id + " " + message.key + " " + sha256_hex(target.url).substr(0, 16);
    if (contains(delivered, entry)) continue;
    if (const auto trouble = notify::send(http, {.kind = target.kind, .url = target.url}, message, env.stop)) {
      env.log.warning("a notification could not be sent: " + *trouble);
      continue;
    }
    delivered.push_back(entry);
    write_file(memory_file(env), to_pretty_text(delivered));
  }
}

}  // namespace baton
