// Flag > --set > environment > file > default: the overrides are listed weakest first, and the loader lets later ones
// win.
#include "common/cli/flags.h"

#include <algorithm>
#include <array>

#include "common/config/loader.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

using enum FlagKind;

constexpr auto kFlags = std::to_array<CommonFlag>({
    {"config", text, "FILE", "Configuration; baton.yaml may be absent, a named file may not"},
    {"set", list, "KEY=VALUE", "Any key of the file, the value in YAML's flow form; repeatable"},
    {"release", text, "VERSION", "Release to work on; default: the CI's tag, else the exact git tag", "run.release"},
    {"dir", text, "DIR", "Folder of handoffs and artifacts (.baton)", "run.dir"},
    {"namespace", text, "NAME", "Namespace of the Service", "kubernetes.namespace", false, 'n'},
    {"context", text, "NAME", "Context of the kubeconfig", "kubernetes.context", false},
    {"standalone", truth, "", "Ad hoc: do not ask for the step before"},
    {"handoff-sha256", text, "HEX", "Digest of the previous handoff, from another channel than the file"},
    {"output", text, "text|json", "Form of the record on stdout", "run.output", true, 'o'},
    {"report", list, "FORMAT=PATH", "Write a report: markdown, json, junit, sarif or html; repeatable", "run.report"},
    {"ci", text, "auto|github|gitlab|none", "CI host to write outputs for", "run.ci"},
    {"deadline", text, "DURATION", "End in order when this time is over, exit 124", "run.deadline"},
    {"exit-style", text, "codes|job|nagios", "job: as codes, but 75 is 0; nagios: 0, 1, 2 or 3", "run.exit_style"},
    {"dry-run", truth, "", "Read all, change, write and notify nothing, exit as the real run would"},
    {"observe", truth, "", "Decide and report, act on nothing, exit 0", "", true, '\0', {"precheck", "watch"}},
    {"strict", truth, "", "A warning stops", "run.strict"},
    {"log-level", text, "debug|info|warning|error", "What goes to stderr", "run.log_level"},
    {"log-format", text, "text|json", "Form of the log on stderr", "run.log_format"},
    {"no-color", truth, "", "No colour, whatever the terminal can do", "run.no_color"},
    {"print-config", truth, "", "Print each value and where it came from", "", false},
    {"schema", text, "config|handoff", "Print a JSON Schema", "", false},
    {"version", truth, "", "Print the version", "", false, 'v'},
    {"help", truth, "", "Print this help, or that of a verb", "", false, 'h'},
});

std::string as_flow(const CommonFlag& flag, const std::vector<std::string>& values) {
  if (flag.kind == truth) return values.back();
  if (flag.kind == text) return to_text(Json(values.back()));
  Json items = Json::array();
  for (const std::string& value : values) items.push_back(value);
  return to_text(items);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string& line : split(text, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  }
  return lines;
}

/// What must not be gone without when a job's output or a variable turns out empty: the digest and the rules.
constexpr std::array<std::string_view, 2> kProtections = {"handoff-sha256", "config"};

bool is_protection(std::string_view flag) { return std::ranges::find(kProtections, flag) != kProtections.end(); }

/// An empty variable is none, but where that would leave something unchecked.
std::optional<std::string> given_by(const Environment& environment, std::string_view flag) {
  const std::string name = variable_of(flag);
  if (!is_protection(flag)) return environment.find(name);
  const auto found = environment.all().find(name);
  return found == environment.all().end() ? std::nullopt : std::optional(found->second);
}

/// What the environment gives for each flag; a list is one entry a line.
GivenFlags from_environment(const Environment& environment) {
  GivenFlags given;
  for (const CommonFlag& flag : kFlags) {
    const auto value = flag.in_environment ? given_by(environment, flag.name) : std::nullopt;
    if (!value) continue;
    if (flag.kind == truth) parse_boolean(*value, variable_of(flag.name));
    given[std::string(flag.name)] = flag.kind == list ? lines_of(*value) : std::vector{*value};
  }
  return given;
}

ConfigOverride set_override(const std::string& entry, const std::string& origin) {
  const auto equals = entry.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ExitCode::usage, origin + " '" + printable(entry.substr(0, equals), 100) + "' is not KEY=VALUE",
                "Write it as --set switch.soak=30s.");
  }
  return {entry.substr(0, equals), entry.substr(equals + 1), origin};
}

void add_sets(std::vector<ConfigOverride>& overrides, const GivenFlags& given, const std::string& origin) {
  const auto sets = given.find("set");
  if (sets == given.end()) return;
  for (const std::string& entry : sets->second) overrides.push_back(set_override(entry, origin));
}

void add_keys(std::vector<ConfigOverride>& overrides, const GivenFlags& given, bool is_environment) {
  for (const CommonFlag& flag : kFlags) {
    const auto values = given.find(flag.name);
    if (flag.key.empty() || values == given.end() || values->second.empty()) continue;
    const std::string origin = is_environment ? variable_of(flag.name) : "--" + std::string(flag.name);
    overrides.push_back({std::string(flag.key), as_flow(flag, values->second), origin});
  }
}

std::string last_of(const GivenFlags& given, std::string_view name) {
  const auto values = given.find(name);
  return values == given.end() || values->second.empty() ? std::string() : values->second.back();
}

void check(const Settings& settings) {
  if (!settings.schema.empty() && settings.schema != "config" && settings.schema != "handoff") {
    throw Error(ExitCode::usage, "--schema is '" + printable(settings.schema, 100) + "', not config or handoff",
                "Write --schema config or --schema handoff.");
  }
}

/// An empty flag is the output of a job that made none: never the wish to go unchecked.
void refuse_empty(const GivenFlags& given, const std::string& where) {
  for (const std::string_view flag : kProtections) {
    const auto values = given.find(flag);
    if (values == given.end() || !std::ranges::any_of(values->second, &std::string::empty)) continue;
    throw Error(ExitCode::usage, where + std::string(flag) + " is empty",
                "Give it a value, or leave it away if it is not wanted.");
  }
}

void check_digest(const std::string& digest) {
  if (digest.empty() || is_sha256_hex(digest)) return;
  throw Error(ExitCode::usage, "--handoff-sha256 is no SHA-256: 64 hexadecimal digits are expected",
              "Pass the output 'handoff-sha256' of the step before.");
}

}  // namespace

std::span<const CommonFlag> common_flags() { return kFlags; }

bool is_for(const CommonFlag& flag, std::string_view step) {
  return flag.steps.front().empty() || std::ranges::find(flag.steps, step) != flag.steps.end();
}

std::string variable_of(std::string_view flag) {
  std::string name = "BATON_" + replace_all(flag, "-", "_");
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return name;
}

std::vector<Option> bind_common_flags(GivenFlags& given) {
  std::vector<Option> options;
  for (const CommonFlag& flag : kFlags) {
    const std::string name(flag.name);
    options.push_back({.name = name,
                       .argument = std::string(flag.argument),
                       .help = std::string(flag.help),
                       .set = [&given, name](const std::string& value) { given[name].push_back(value); },
                       .letter = flag.letter,
                       .takes_empty = is_protection(name)});
  }
  return options;
}

Settings settle(const GivenFlags& given, const Environment& environment) {
  const GivenFlags outside = from_environment(environment);
  refuse_empty(given, "--");
  refuse_empty(outside, "the variable of --");
  const auto value = [&](std::string_view name) {
    const std::string own = last_of(given, name);
    return own.empty() ? last_of(outside, name) : own;
  };
  Settings settings{.version = value("version") == "true",
                    .help = value("help") == "true",
                    .print_config = value("print-config") == "true",
                    .schema = value("schema"),
                    .config_file = value("config"),
                    .standalone = value("standalone") == "true",
                    .dry_run = value("dry-run") == "true",
                    .observe = value("observe") == "true",
                    .handoff_sha256 = to_lower(value("handoff-sha256"))};
  add_sets(settings.overrides, outside, "BATON_SET");
  add_keys(settings.overrides, outside, /*is_environment=*/true);
  add_sets(settings.overrides, given, "--set");
  add_keys(settings.overrides, given, /*is_environment=*/false);
  check(settings);
  check_digest(settings.handoff_sha256);
  return settings;
}

}  // namespace baton
