// Messages and the memory of those that were delivered.
#include "common/step/announce.h"

#include <algorithm>

#include "common/config/sections/notify.h"
#include "common/config/sections/run.h"
#include "common/core/digest.h"
#include "common/core/text.h"
#include "common/step/report_head.h"

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

/// The URL is a secret: its digest tells the channels apart.
std::string entry_of(const std::string& key, const NotifyTarget& target) {
  return key + " " + sha256_hex(target.url).substr(0, 16);
}

/// The next release's message of a kind is another one, to its receiver too.
std::string key_of(const View& env, std::string_view key) { return env.release.id + "/" + std::string(key); }

/// Whoever reads it at night looks for the run first.
notify::Message signed_message(const View& env, notify::Message message) {
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty() && message.facts.find(key) == nullptr) message.facts[key] = value;
  };
  const auto actor = actor_of(env);
  add("app", env.release.app);
  add("version", env.release.version);
  add("environment", env.release.environment);
  add("id", env.release.id);
  add("run", env.run.url);
  add("by", actor);
  if (!env.run.url.empty()) message.text += "\nRun: " + env.run.url;
  if (!actor.empty()) message.text += "\nBy: " + actor;
  message.key = key_of(env, message.key);
  return message;
}

}  // namespace

void announce(Env& env, Audience audience, const notify::Message& message) {
  if (env.is_dry_run() || env.config.run().observe) return;
  const auto targets = targets_of(env.config.notify(), audience);
  if (targets.empty()) return;
  const auto delivered = delivered_so_far(env);
  HttpClient http = env.http();
  const auto sent = signed_message(env, message);
  for (const auto& target : targets) {
    const std::string entry = entry_of(sent.key, target);
    if (std::ranges::find(delivered, entry) != delivered.end()) continue;
    if (const auto trouble = notify::send(http, {.kind = target.kind, .url = target.url}, sent, env.stop)) {
      env.log.warning("a notification could not be sent: " + *trouble);
      continue;
    }
    // Until this is written a kill makes the message come twice: one appended line is the shortest such moment.
    append_file(memory_file(env), entry + "\n");
  }
}

Delivered delivered_to(const View& env, Audience audience, std::string_view key) {
  const auto targets = targets_of(env.config.notify(), audience);
  const auto known = delivered_so_far(env);
  const auto had_it = [&](const NotifyTarget& target) {
    return std::ranges::find(known, entry_of(key_of(env, key), target)) != known.end();
  };
  return {.channels = targets.size(), .delivered = static_cast<std::size_t>(std::ranges::count_if(targets, had_it))};
}

void page(Env& env, std::string_view event, const std::string& subject, const std::string& text,
          std::optional<Time> since) {
  const auto key = std::string(event) + (since ? "/" + to_rfc3339(*since) : "");
  announce(env, Audience::incident, {.subject = subject, .text = text, .event = std::string(event), .key = key});
}

}  // namespace baton
