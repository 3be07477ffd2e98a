// Messages and the memory of those that were delivered.
#include "common/step/announce.h"

#include <algorithm>

#include "common/config/sections/notify.h"
#include "common/config/sections/run.h"
#include "common/core/digest.h"
#include "common/core/text.h"

namespace baton {
namespace {

Inside memory_file(const View& env) { return {env.dir, "notified.txt"}; }

std::vector<std::string> delivered_so_far(const View& env) {
  return split(read_file_if_exists(memory_file(env)).value_or(""), '\n');
}

std::vector<NotifyTarget> targets_of(const NotifyConfig& config, Audience audience) {
  auto targets = config.to;
  if (audience == Audience::incident) targets.insert(targets.end(), config.incident.begin(), config.incident.end());
  return targets;
}

}  // namespace

void announce(Env& env, Audience audience, const notify::Message& message) {
  if (env.is_dry_run() || env.config.run().observe) return;
  const auto targets = targets_of(env.config.notify(), audience);
  if (targets.empty()) return;
  const auto delivered = delivered_so_far(env);
  HttpClient http = env.http();
  // The next release's message of this kind is another one, to its receiver too.
  auto sent = message;
  sent.key = env.release.id + "/" + message.key;
  for (const auto& target : targets) {
    // The URL is a secret: its digest tells the channels apart.
    const std::string entry = sent.key + " " + sha256_hex(target.url).substr(0, 16);
    if (std::ranges::find(delivered, entry) != delivered.end()) continue;
    if (const auto trouble = notify::send(http, {.kind = target.kind, .url = target.url}, sent, env.stop)) {
      env.log.warning("a notification could not be sent: " + *trouble);
      continue;
    }
    // Until this is written a kill makes the message come twice: one appended line is the shortest such moment.
    append_file(memory_file(env), entry + "\n");
  }
}

}  // namespace baton
