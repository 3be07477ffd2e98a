// A loaded configuration: where each value came from, how it is shown, what it is as a policy.
#include "common/config/loaded.h"

#include <algorithm>

#include "common/config/config.h"
#include "common/config/keys.h"
#include "common/config/meant_key.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton {
namespace {

bool is_among(std::string_view path, const std::optional<std::vector<std::string_view>>& only) {
  return !only || std::ranges::any_of(*only, [&](std::string_view allowed) {
    return path == allowed || config::is_below(path, allowed);
  });
}

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
  for (const auto& key : config::keys()) {
    const auto& entry = entries.find(key.path)->second;
    const std::string value = entry.missing.empty() ? entry.text : "(" + entry.missing + " is not set)";
    text += key.path + ": " + printable(value) + "  # " + entry.origin + "\n";
  }
  return text;
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
