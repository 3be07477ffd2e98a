// A loaded configuration: where each value came from, how it is shown, what it is as a policy.
#include "common/config/loaded.h"

#include <algorithm>

#include "common/config/config.h"
#include "common/config/keys.h"
#include "common/config/meant_key.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/yaml.h"

namespace baton {
namespace {

bool is_among(std::string_view path, const std::optional<std::vector<std::string_view>>& only) {
  return !only || std::ranges::any_of(*only, [&](std::string_view allowed) {
    return path == allowed || config::is_below(path, allowed);
  });
}

std::string indented(std::ptrdiff_t depth) { return std::string(static_cast<std::size_t>(2 * depth), ' '); }

}  // namespace

std::string LoadedConfig::origin(std::string_view key) const {
  const auto entry = entries.find(key);
  return entry == entries.end() ? "default" : entry->second.origin;
}

bool LoadedConfig::is_given(std::string_view key) const { return origin(key) != "default"; }

std::vector<std::string> LoadedConfig::overridden() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries) {
    if (entry.overridden && !key.starts_with("run.")) keys.push_back(key);
  }
  return keys;
}

std::string LoadedConfig::printed() const {
  std::string text;
  std::vector<std::string> open;  // the sections that we are in
  for (const auto& key : config::keys()) {
    auto sections = split(key.path, '.');
    const std::string name = std::move(sections.back());
    sections.pop_back();
    const auto differs = std::ranges::mismatch(sections, open).in1;
    for (auto at = differs; at != sections.end(); ++at) text += indented(at - sections.begin()) + *at + ":\n";
    open = sections;
    const auto& entry = entries.find(key.path)->second;
    const std::string origin = "  # " + printable(entry.origin) + "\n";
    const std::string indent = indented(std::ssize(sections));
    // Nothing else would load like a value whose variable is not there.
    text += entry.missing.empty()
                ? indent + name + ": " + to_flow_yaml(key.show(values)) + origin
                : indent + "# " + name + ": not given, as there is no " + printable(entry.missing) + origin;
  }
  return text;
}

std::string LoadedConfig::printed_json() const {
  Json all = Json::object();
  Json origins = Json::object();
  for (const auto& key : config::keys()) {
    Json* at = &all;
    for (const auto& piece : split(key.path, '.')) at = &(*at)[piece];
    const auto& entry = entries.find(key.path)->second;
    if (entry.missing.empty()) *at = key.show(values);
    origins[key.path] = entry.origin;
  }
  return to_pretty_text(Json::object({{"config", std::move(all)}, {"origins", std::move(origins)}}));
}

std::string LoadedConfig::policy_sha256() const {
  std::string text;
  for (const auto& [key, entry] : entries) {
    if (!key.starts_with("run.")) text += key + "=" + entry.text + "\n";
  }
  return sha256_hex(text);
}

void LoadedConfig::require_set(std::string_view step, const std::optional<std::vector<std::string_view>>& only) const {
  for (const auto& key : config::keys()) {
    const auto& entry = entries.find(key.path)->second;
    if (entry.missing.empty() || !config::is_read_by(key, step) || !is_among(key.path, only)) continue;
    throw Error(ExitCode::usage,
                entry.origin + ": " + key.path + " needs the " + entry.missing + ", which is not there",
                "Set it, or give a default with ${NAME:-default}.");
  }
}

std::vector<std::string> LoadedConfig::drop_unset() {
  std::vector<std::string> dropped;
  for (auto& [path, entry] : entries) {
    if (entry.missing.empty()) continue;
    dropped.push_back(path + " (" + entry.origin + ") counts as not given: the " + entry.missing + " is not there");
    entry = {.text = entry.text, .origin = "default", .written = std::move(entry.written)};
  }
  return dropped;
}

}  // namespace baton
