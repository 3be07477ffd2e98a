// Lists of what has a name, an address or a key: workers, channels, hooks, trust.
#include <algorithm>

#include "common/config/parts.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/signing.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

WorkerName worker_from(const Source& source, const YamlNode& node) {
  WorkerName worker;
  if (node.kind == Kind::scalar) {
    worker.name = Codec<std::string>::read(source, node);
  } else {
    std::string kind = "Deployment";
    const Part parts[] = {{"kind", into(source, kind)}, {"name", into(source, worker.name)}};
    read_parts(source, node, parts);
    if (kind != "Deployment")
      source.fail(node, "workers of the kind '" + printable(kind, 40) + "' are not available in this version");
  }
  if (worker.name.empty()) source.expected(node, "the name of a Deployment");
  return worker;
}

bool is_web_address(std::string_view text) {
  return starts_with_icase(text, "http://") || starts_with_icase(text, "https://");
}

Hook hook_from(const Source& source, const YamlNode& node) {
  Hook hook;
  auto parts = parts_of(source, hook.to);
  parts.push_back({"run", into(source, hook.command)});
  parts.push_back({"deadline", into(source, hook.deadline)});
  if (node.kind == Kind::scalar) {
    (is_web_address(node.text) ? hook.to.url : hook.command) = node.text;
  } else {
    read_parts(source, node, parts);
  }
  if (hook.command.empty() == hook.to.url.empty()) source.expected(node, "a command, a URL, {run: …} or {url: …}");
  if (!hook.to.url.empty() && !is_web_address(hook.to.url))
    source.fail(node, "the URL of a hook is no http or https URL");
  if (!hook.command.empty() && !(hook.to.token.empty() && hook.to.ca.empty() && hook.to.headers.empty()))
    source.fail(node, "token, ca and headers are for the URL of a hook, not for a command");
  if (hook.deadline == Duration{0}) source.fail(node, "the deadline of a hook is over 0s");
  hook.is_filled = source.is_filled;
  return hook;
}

constexpr std::string_view kChannels[] = {"slack", "webhook"};
constexpr std::string_view kLaterChannels[] = {"email", "issue"};

NotifyTarget channel_from(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping || node.members.size() != 1) source.expected(node, "one channel such as {slack: URL}");
  const auto& member = node.members.front();
  const auto is_named = [&](std::string_view name) { return name == member.key; };
  if (std::any_of(std::begin(kLaterChannels), std::end(kLaterChannels), is_named)) {
    source.fail(node, "the channel '" + member.key + "' is not available in this version");
  }
  if (std::none_of(std::begin(kChannels), std::end(kChannels), is_named)) {
    source.fail(node, "unknown channel '" + printable(member.key, 40) + "'; known: slack, webhook");
  }
  return {.kind = member.key, .url = Codec<std::string>::read(source, member.value)};
}

}  // namespace

std::vector<WorkerName> Codec<std::vector<WorkerName>>::read(const Source& source, const YamlNode& node) {
  std::vector<WorkerName> workers;
  source.each(node, "a list of Deployments",
              [&](const YamlNode& item) { workers.push_back(worker_from(source, item)); });
  return workers;
}
Json Codec<std::vector<WorkerName>>::show(const std::vector<WorkerName>& value) {
  return json_list(value, [](const WorkerName& worker) { return Json(worker.name); });
}
Json Codec<std::vector<WorkerName>>::schema() {
  const Json kind = Json::object({{"const", "Deployment"}});
  return list_of("list of Deployments",
                 either({given("Name of a Deployment"),
                         properties({{"kind", described(or_filled(kind), "What it is; default: Deployment")},
                                     {"name", given("Its name")}},
                                    {"name"})}));
}

std::vector<NotifyTarget> Codec<std::vector<NotifyTarget>>::read(const Source& source, const YamlNode& node) {
  std::vector<NotifyTarget> targets;
  source.each(node, "a list of channels", [&](const YamlNode& item) { targets.push_back(channel_from(source, item)); });
  return targets;
}
Json Codec<std::vector<NotifyTarget>>::show(const std::vector<NotifyTarget>& value) {
  return json_list(value, [](const NotifyTarget& target) { return Json::object({{target.kind, kHidden}}); });
}
Json Codec<std::vector<NotifyTarget>>::schema() {
  Json channel = properties({{"slack", text("Address of an incoming webhook")}, {"webhook", text("Told by POST")}});
  channel["minProperties"] = 1;
  channel["maxProperties"] = 1;
  return list_of("list of channels", std::move(channel));
}

std::vector<Hook> Codec<std::vector<Hook>>::read(const Source& source, const YamlNode& node) {
  std::vector<Hook> hooks;
  source.each(node, "a list of commands and URLs",
              [&](const YamlNode& item) { hooks.push_back(hook_from(source, item)); });
  return hooks;
}
Json Codec<std::vector<Hook>>::show(const std::vector<Hook>& value) {
  return json_list(value, [](const Hook& hook) {
    // Of one that may hold a secret not even that it is a URL.
    const bool is_told = hook.command.empty() && !hook.is_filled;
    Json shown = is_told ? Codec<Endpoint>::show(hook.to) : Json::object({{"run", name_of(hook)}});
    if (!hook.deadline) return shown;
    if (shown.is_string()) shown = Json::object({{"url", shown}});
    shown["deadline"] = to_text(*hook.deadline);
    return shown;
  });
}
Json Codec<std::vector<Hook>>::schema() {
  const Json deadline = described(positive_duration(), "How long it may take; before a rollback 15s at most");
  const Json command = properties({{"run", given("Command line of a shell")}, {"deadline", deadline}}, {"run"});
  Json server = server_schema();
  server["properties"]["url"] = described(or_filled(pattern_schema("^[Hh][Tt][Tt][Pp][Ss]?://")), "Told by POST");
  server["properties"]["deadline"] = deadline;
  server["required"] = Json::array({"url"});
  return list_of("list of commands and URLs",
                 either({given("A command line, or a URL that is told by POST"), command, server}));
}

std::vector<TrustEntry> Codec<std::vector<TrustEntry>>::read(const Source& source, const YamlNode& node) {
  std::vector<TrustEntry> entries;
  source.each(node, "a list of keys", [&](const YamlNode& item) {
    TrustEntry entry;
    const Part parts[] = {{"step", into(source, entry.step)}, {"key", into(source, entry.key)}};
    if (item.kind == Kind::scalar) {
      entry.key = item.text;
    } else {
      read_parts(source, item, parts);
    }
    if (entry.key.empty()) source.expected(item, "a public key, or {step: …, key: …}");
    entries.push_back(std::move(entry));
  });
  return entries;
}
Json Codec<std::vector<TrustEntry>>::show(const std::vector<TrustEntry>& value) {
  return json_list(value, [](const TrustEntry& entry) {
    return entry.step.empty() ? Json(entry.key) : Json::object({{"step", entry.step}, {"key", entry.key}});
  });
}
Json Codec<std::vector<TrustEntry>>::schema() {
  const Json key = given("Path, PEM text or OpenSSH line of a public key");
  return list_of(
      "list of public keys",
      either(
          {key, properties({{"step", text("The step whose handoffs it signs; absent: any")}, {"key", key}}, {"key"})}));
}

}  // namespace baton::config
