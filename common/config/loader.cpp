// Reads the file, then what was set from outside, key by key.
#include <algorithm>
#include <array>

#include "common/config/config.h"
#include "common/config/interpolate.h"
#include "common/config/keys.h"
#include "common/core/digest.h"
#include "common/core/text.h"

namespace baton {
namespace {

using config::Key;
using config::Source;

/// The names a placeholder may have (docs/configuration.md).
constexpr std::array<std::string_view, 9> kPlaceholders = {"app",        "namespace", "colour", "version", "semver",
                                                           "deployment", "pods",      "window", "step"};

std::string parent_of(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos ? std::string{} : path.substr(0, dot);
}

bool is_below(std::string_view path, std::string_view section) {
  return path.size() > section.size() && path.starts_with(section) && path[section.size()] == '.';
}

class Loader {
 public:
  Loader(LoadedConfig& loaded, const Environment& environment) : loaded_(loaded), environment_(environment) {}

  /// `at` is where the key itself stands.
  void apply(const std::string& path, const YamlNode& node, const YamlNode& at, const Source& source) {
    refuse_later(path, at, source);
    const auto& all = config::keys();
    const auto key = std::find_if(all.begin(), all.end(), [&](const Key& known) { return known.path == path; });
    if (key != all.end()) return set(*key, node, source);
    const bool is_section = std::any_of(all.begin(), all.end(), [&](const Key& known) { return is_below(known.path, path); });
    if (!is_section) unknown(path, at, source);
    if (node.kind == YamlNode::Kind::null) return;
    if (node.kind != YamlNode::Kind::mapping) source.fail(node, "'" + path + "' is a section: expected a mapping");
    for (const auto& member : node.members) {
      apply(path + "." + member.key, member.value, {.line = member.line, .column = member.column}, source);
    }
  }

 private:
  static void refuse_later(const std::string& path, const YamlNode& at, const Source& source) {
    for (const auto later : config::keys_of_later_versions()) {
      if (path != later && !is_below(path, later)) continue;
      source.fail(at, "'" + std::string(later) + "' is not available in this version");
    }
  }

  [[noreturn]] static void unknown(const std::string& path, const YamlNode& at, const Source& source) {
    std::vector<std::string> names;
    for (const auto& key : config::keys()) {
      for (std::string name = key.path; !name.empty(); name = parent_of(name)) names.push_back(name);
    }
    const auto meant = closest(path, names);
    source.fail(at, "unknown key '" + printable(path, 80) + "'" + (meant ? "; did you mean '" + *meant + "'?" : ""));
  }

  void set(const Key& key, const YamlNode& node, const Source& source) {
    auto& entry = loaded_.entries[key.path];
    entry.origin = source.at(node);
    entry.overridden = !source.is_file;
    // An empty value is one that was not given.
    if (node.kind == YamlNode::Kind::null) return;
    const auto filled = config::interpolate(node, source, environment_);
    entry.missing = filled.missing;
    if (filled.missing.empty()) key.read(loaded_.values, source, filled.node);
  }

  LoadedConfig& loaded_;
  const Environment& environment_;
};

void apply_file(Loader& loader, const ConfigSource& from) {
  const Source source{.name = from.name, .is_file = true};
  const YamlNode root = parse_yaml(*from.text, from.name);
  if (root.kind == YamlNode::Kind::null) return;
  if (root.kind != YamlNode::Kind::mapping) source.fail(root, "expected keys and values");
  for (const auto& member : root.members) {
    loader.apply(member.key, member.value, {.line = member.line, .column = member.column}, source);
  }
}

void apply_override(Loader& loader, const ConfigOverride& override) {
  const Source source{.name = override.origin};
  loader.apply(override.key, parse_yaml(override.value, override.origin + " " + override.key), {}, source);
}

void check_placeholders(const LoadedConfig& loaded, std::string_view key, const std::string& text) {
  try {
    fill_placeholders(text, [](std::string_view name) -> std::optional<std::string> {
      if (std::find(kPlaceholders.begin(), kPlaceholders.end(), name) == kPlaceholders.end()) return std::nullopt;
      return std::string{};
    });
  } catch (const Error& error) {
    std::vector<std::string> names(kPlaceholders.begin(), kPlaceholders.end());
    throw Error(ExitCode::usage, loaded.origin(key) + ": " + error.what(), "Use one of: " + join(names, ", ") + ".");
  }
}

void check_all(const LoadedConfig& loaded) {
  const Config& values = loaded.values;
  check_placeholders(loaded, "tag", values.tag);
  check_placeholders(loaded, "metrics.selector", values.metrics.selector);
  check_placeholders(loaded, "metrics.prometheus", values.metrics.prometheus.url);
  for (const auto& url : values.rollout.public_urls) check_placeholders(loaded, "switch.public", url);
  if (values.rollout.soak_max < values.rollout.soak) {
    throw Error(ExitCode::usage, loaded.origin("switch.soak_max") + ": switch.soak_max is shorter than switch.soak",
                "Set switch.soak_max to at least switch.soak.");
  }
}

void name_application(LoadedConfig& loaded, const ConfigSource& source) {
  if (!loaded.values.app.empty()) return;
  if (!source.standalone) {
    throw Error(ExitCode::usage, source.name + (source.text ? ": 'app' is missing" : ": no such file, and 'app' is not set"),
                "Name the application with app, or work ad hoc with --standalone.");
  }
  loaded.values.app = source.folder_name;
}

}  // namespace

LoadedConfig load_config(const ConfigSource& source, const Environment& environment) {
  LoadedConfig loaded;
  for (const auto& key : config::keys()) loaded.entries[key.path].origin = "default";
  Loader loader(loaded, environment);
  if (source.text) apply_file(loader, source);
  for (const auto& override : source.overrides) apply_override(loader, override);
  name_application(loaded, source);
  // A longer soak alone means a longer longest soak.
  if (!loaded.is_given("switch.soak_max")) loaded.values.rollout.soak_max = std::max(loaded.values.rollout.soak_max, loaded.values.rollout.soak);
  check_all(loaded);
  for (const auto& key : config::keys()) loaded.entries[key.path].text = key.show(loaded.values);
  return loaded;
}

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

void LoadedConfig::need(std::string_view key) const {
  const auto entry = entries.find(key);
  if (entry == entries.end() || entry->second.missing.empty()) return;
  throw Error(ExitCode::usage, entry->second.origin + ": " + std::string(key) + " needs the " + entry->second.missing + ", which is not there",
              "Set it, or give a default with ${NAME:-default}.");
}

}  // namespace baton
