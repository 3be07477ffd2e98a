// One table a section: what a key means, its form with the unit, default, example, who reads it.
#include "cmake/pages/configuration.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/examples.h"
#include "common/config/keys.h"
#include "common/core/text.h"
#include "common/core/yaml.h"

namespace pages {
namespace {

using baton::Json;
using baton::config::Key;

constexpr std::string_view kIntroduction = R"(# Configuration

`baton.yaml` is one file for the five tools, YAML or JSON; `--config` names another. A minimal one is `app`, `image` and where
things are: every other key has the SOP's default.

- What wins: a flag, then `--set KEY=VALUE`, then the environment (`BATON_…`, `BATON_SET` one a line), then the file, then the
  default. An empty value is "not given".
- `${NAME}` and `${NAME:-default}` stand for a variable, `${file:PATH}` for a file, in values only; `$${` is a plain `${`. A
  variable that is not set is an error only in a tool that reads the key.
- `{{app}} {{namespace}} {{colour}} {{version}} {{semver}} {{deployment}} {{pods}} {{window}} {{step}}` are filled in by the
  tool: in queries and in `metrics.selector` all of them, in `tag` the release's.
- Every mistake is told at once, with file, line and column. `baton-precheck --print-config` prints each value and where it came
  from, `--schema config` what an editor completes by.

)";

/// In a table's cell.
std::string cell(std::string_view text) { return baton::replace_all(text, "|", "\\|"); }

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", cell(text)); }

/// The words of an `enum`, wherever in the schema it stands; nothing where there is none.
std::string words_of(const Json& schema) {
  std::vector<std::string> words;
  for (const Json& word : schema["enum"].items_or_none()) words.push_back(code(word.string()));
  for (const Json& form : schema["anyOf"].items_or_none()) {
    if (words.empty() && form.find("enum") != nullptr) return words_of(form);
  }
  return baton::join(words, ", ");
}

std::string form_of(const Json& schema) {
  if (std::string words = words_of(schema); !words.empty()) return words;
  std::string form = schema["title"].string();
  if (const Json* least = schema.find("minimum"))
    form += fmt::format(", {} to {}", baton::to_text(*least), baton::to_text(schema["maximum"]));
  return cell(form);
}

std::string default_of(const Key& key) {
  const Json value = key.show(baton::Config());
  const bool is_nothing =
      value.is_null() || (!value.is_bool() && !value.is_number() && baton::config::shown_text(value).empty());
  return is_nothing ? "" : code(baton::to_flow_yaml(value));
}

std::string readers_of(const Key& key) {
  const std::vector<std::string> readers(key.readers.begin(), key.readers.end());
  return readers.empty() ? "all" : baton::join(readers, ", ");
}

std::string row(const Key& key) {
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", key.path, cell(key.help), form_of(key.schema),
                     default_of(key), code(baton::config::example_of(key.path)), readers_of(key));
}

/// "switch" of "switch.canary.steps"; what has no section stands first.
std::string section_of(const Key& key) {
  const auto dot = key.path.find('.');
  return dot == std::string::npos ? "" : key.path.substr(0, dot);
}

}  // namespace

std::string configuration_page() {
  std::string page(kIntroduction);
  page += "Written by `baton-pages --configuration` from the table that the loader reads.\n";
  std::string section = "none yet";
  for (const Key& key : baton::config::keys()) {
    if (section_of(key) != section) {
      section = section_of(key);
      page += fmt::format("\n## {}\n\n| key | meaning | form, units | default | example | read by |\n",
                          section.empty() ? "The release" : "`" + section + "`");
      page += "| --- | --- | --- | --- | --- | --- |\n";
    }
    page += row(key);
  }
  return page;
}

}  // namespace pages
