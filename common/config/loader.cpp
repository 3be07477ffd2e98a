// Reads the file, then what was set from outside, key by key.
#include "common/config/loader.h"

#include <algorithm>

#include "common/config/config.h"
#include "common/config/interpolate.h"
#include "common/config/keys.h"
#include "common/config/later_keys.h"
#include "common/config/meant_key.h"
#include "common/config/sections/switch.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

using config::Key;
using config::Source;

constexpr std::string_view kVariable = "BATON_SET";

/// Nothing and an empty text both mean "not given".
bool is_empty(const YamlNode& node) {
  return node.kind == YamlNode::Kind::null || (node.kind == YamlNode::Kind::scalar && node.text.empty());
}

YamlNode place_of(const YamlMember& member) { return {.line = member.line, .column = member.column}; }

class Loader {
 public:
  Loader(LoadedConfig& loaded, const Environment& environment) : loaded_(loaded), environment_(environment) {}

  void apply_all(const std::vector<YamlMember>& members, const std::string& prefix, const Source& source) {
    for (const auto& member : members)
      source.attempt([&] { apply(prefix + member.key, member.value, place_of(member), source); });
  }

  /// `at` is where the key itself stands.
  void apply(const std::string& path, const YamlNode& node, const YamlNode& at, const Source& source) {
    refuse_later(path, at, source);
    const auto& all = config::keys();
    const auto key = std::ranges::find_if(all, [&](const Key& known) { return known.path == path; });
    if (key != all.end()) return set(*key, node, source);
    const bool is_section =
        std::ranges::any_of(all, [&](const Key& known) { return config::is_below(known.path, path); });
    if (!is_section) unknown(path, at, source);
    if (node.kind == YamlNode::Kind::null) return;
    if (node.kind != YamlNode::Kind::mapping) source.expected(node, "a mapping of the keys below '" + path + "'");
    apply_all(node.members, path + ".", source);
  }

 private:
  static void refuse_later(const std::string& path, const YamlNode& at, const Source& source) {
    for (const auto later : config::keys_of_later_versions()) {
      if (path != later && !config::is_below(path, later)) continue;
      source.fail(at, "'" + std::string(later) + "' is not available in this version", "Remove the key.");
    }
  }

  [[noreturn]] static void unknown(const std::string& path, const YamlNode& at, const Source& source) {
    const auto meant = config::meant_key(path);
    source.fail(at, "unknown key '" + printable(path, 80) + "'" + (meant ? "; did you mean '" + *meant + "'?" : ""),
                "Correct the key; --schema config prints all there are.");
  }

  /// Whoever starts a job may set its variables; the file and the command line are reviewed.
  static void refuse_variable(const Key& key, const YamlNode& node, const Source& source) {
    if (!key.is_guard || source.name != kVariable) return;
    source.fail(node, "'" + key.path + "' is not taken from a variable: it would be checked less than was reviewed",
                "Write it into the configuration file, or give --set.");
  }

  void set(const Key& key, const YamlNode& node, const Source& source) {
    refuse_variable(key, node, source);
    if (is_empty(node)) return;
    const auto filled = config::interpolate(node, source, environment_);
    if (filled.missing.empty() && is_empty(filled.node)) return;
    auto& entry = loaded_.entries[key.path];
    entry = {.origin = source.origin(node), .missing = filled.missing, .overridden = !source.is_file, .written = node};
    Source from = source;
    from.is_filled = filled.is_filled;
    if (filled.missing.empty()) key.read(loaded_.values, from, filled.node);
  }

  LoadedConfig& loaded_;
  const Environment& environment_;
};

void apply_file(Loader& loader, const ConfigSource& from, std::vector<Error>& mistakes) {
  const Source source{.name = from.name, .is_file = true, .mistakes = &mistakes};
  const YamlNode root = parse_yaml(*from.text, from.name);
  if (root.kind == YamlNode::Kind::null) return;
  if (root.kind != YamlNode::Kind::mapping) source.expected(root, "keys and values");
  loader.apply_all(root.members, "", source);
}

void apply_override(Loader& loader, const ConfigOverride& override, std::vector<Error>& mistakes) {
  const bool takes_any_key = override.origin == "--set" || override.origin == kVariable;
  const Source source{.name = override.origin, .key = takes_any_key ? override.key : "", .mistakes = &mistakes};
  source.attempt([&] {
    loader.apply(override.key, parse_yaml(override.value, override.origin + " " + override.key), {}, source);
  });
}

/// One error of them all: a line each, and every hint once.
void throw_if_any(const std::vector<Error>& mistakes) {
  if (mistakes.empty()) return;
  if (mistakes.size() == 1) throw mistakes.front();
  std::vector<std::string> lines;
  std::vector<std::string> hints;
  for (const Error& mistake : mistakes) {
    lines.emplace_back(mistake.what());
    if (std::ranges::find(hints, mistake.hint()) == hints.end()) hints.push_back(mistake.hint());
  }
  throw Error(ExitCode::usage, join(lines, "\n"), join(hints, " "));
}

void check_soak(const LoadedConfig& loaded) {
  const auto& rollout = loaded.values.rollout();
  if (rollout.soak_max >= rollout.soak) return;
  throw Error(ExitCode::usage, loaded.origin("switch.soak_max") + ": switch.soak_max is shorter than switch.soak",
              "Set switch.soak_max to at least switch.soak.");
}

/// Without a path there is nothing to ask, and without an idle colour nobody to ask before users do.
void check_rehearsal(const LoadedConfig& loaded) {
  const auto& rollout = loaded.values.rollout();
  if (rollout.rehearsal == 0) return;
  const auto fail = [&](const std::string& why, const char* hint) {
    throw Error(ExitCode::usage, loaded.origin("switch.rehearsal") + ": switch.rehearsal " + why, hint);
  };
  if (rollout.smoke.empty() && loaded.entries.at("switch.smoke").missing.empty())
    fail("needs the paths of switch.smoke, and there are none",
         "Configure switch.smoke, or set switch.rehearsal to 0.");
  if (rollout.strategy == "rolling")
    fail("is not for the strategy rolling: it has no pods without users to rehearse on",
         "Set switch.rehearsal to 0, or take another strategy.");
}

void name_application(LoadedConfig& loaded, const ConfigSource& source) {
  // One whose variable is not set is told by the tool that reads it, one that is wrong has been told.
  if (loaded.is_given("app")) return;
  if (!source.standalone) {
    throw Error(ExitCode::usage,
                source.name + (source.text ? ": 'app' is missing" : ": no such file, and 'app' is not set"),
                "Name the application with app, or work ad hoc with --standalone.");
  }
  loaded.values.app = source.folder_name;
}

}  // namespace

LoadedConfig load_config(const ConfigSource& source, const Environment& environment) {
  LoadedConfig loaded;
  for (const auto& key : config::keys()) loaded.entries[key.path].origin = "default";
  Loader loader(loaded, environment);
  std::vector<Error> mistakes;
  if (source.text) apply_file(loader, source, mistakes);
  for (const auto& override : source.overrides) apply_override(loader, override, mistakes);
  Source{.mistakes = &mistakes}.attempt([&] { name_application(loaded, source); });
  throw_if_any(mistakes);
  // A longer soak alone means a longer longest soak.
  auto& rollout = loaded.values.rollout();
  if (!loaded.is_given("switch.soak_max")) rollout.soak_max = std::max(rollout.soak_max, rollout.soak);
  check_soak(loaded);
  check_rehearsal(loaded);
  for (const auto& key : config::keys()) loaded.entries[key.path].text = config::shown_text(key.show(loaded.values));
  return loaded;
}

}  // namespace baton
