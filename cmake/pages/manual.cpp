// A manual page from the tables that --help prints, and what only a page has room for: environment, files, what next.
#include "cmake/pages/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "cmake/pages/files.h"
#include "common/cli/exit_meaning.h"
#include "common/cli/flags.h"
#include "common/core/version.h"
#include "common/frame/offered.h"

namespace pages {
namespace {

using baton::ToolTable;

constexpr std::array<std::string_view, 5> kSteps = {"precheck", "migrate", "switch", "watch", "finalize"};

/// What roff reads as its own, or prints as another character than the one that can be typed.
constexpr std::array<std::pair<char, std::string_view>, 6> kEscapes = {
    {{'\\', "\\e"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'^', "\\(ha"}, {'~', "\\(ti"}, {'`', "\\(ga"}}};

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string entry(const std::string& tag, std::string_view text) { return ".TP\n" + tag + "\n" + roff(text) + "\n"; }

std::string verb_entries(const ToolTable& table) {
  std::string entries;
  for (const baton::Verb& verb : baton::offered_verbs(table)) {
    const std::string arguments = verb.arguments.empty() ? "" : " " + italic(verb.arguments);
    const std::string_view mark = verb.name == table.verbs.front().name ? " (the default)" : "";
    entries += entry(bold(verb.name) + arguments, fmt::format("{}{}", verb.help, mark));
  }
  return entries;
}

std::string flag_entries(std::span<const baton::Option> flags) {
  std::string entries;
  for (const baton::Option& flag : flags) {
    const std::string letter = flag.letter == '\0' ? "" : bold(std::string{'-', flag.letter}) + ", ";
    const std::string value = flag.argument.empty() ? "" : " " + italic(flag.argument);
    entries += entry(letter + bold("--" + flag.name) + value, flag.help);
  }
  return entries;
}

std::string variable_entries(std::string_view step) {
  std::string entries;
  for (const baton::CommonFlag& flag : baton::common_flags()) {
    if (!flag.in_environment || !baton::is_for(flag, step)) continue;
    const std::string key = flag.key.empty() ? "" : fmt::format(", or {} in the file", flag.key);
    const std::string_view form = flag.kind == baton::FlagKind::list    ? "; one value a line"
                                  : flag.kind == baton::FlagKind::truth ? "; true or false"
                                                                        : "";
    entries += entry(bold(baton::variable_of(flag.name)), fmt::format("As --{}{}{}", flag.name, key, form));
  }
  return entries;
}

std::string code_entries() {
  std::string entries;
  for (const baton::ExitMeaning& row : baton::exit_meanings()) {
    const std::string number = std::to_string(static_cast<int>(row.code));
    const std::string next = row.next.empty() ? "" : fmt::format(". {}", row.next);
    entries += entry(bold(number) + " " + roff(baton::exit_name(row.code)), fmt::format("{}{}", row.meaning, next));
  }
  return entries;
}

std::string file_entries(std::string_view step) {
  std::string entries;
  for (const FileRow& row : file_rows()) {
    if (row.step.empty() || row.step == step) entries += entry(italic(row.name), row.what);
  }
  return entries;
}

/// Of every verb that has some, each on a line of its own.
std::string example_entries(const ToolTable& table) {
  std::string lines;
  for (const baton::Verb& verb : table.verbs) {
    for (const std::string_view example : verb.examples) lines += roff(example) + "\n";
  }
  return lines.empty() ? "" : ".SH EXAMPLES\n.nf\n" + lines + ".fi\n";
}

std::string other_tools(std::string_view step) {
  std::string others;
  for (const std::string_view other : kSteps) {
    if (other == step) continue;
    others += fmt::format("{}{}(1)", others.empty() ? "" : ",\n", bold(fmt::format("baton-{}", other)));
  }
  return others;
}

std::string title_of(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return roff(text);
}

}  // namespace

std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto found = std::ranges::find(kEscapes, c, &std::pair<char, std::string_view>::first);
    if (found == kEscapes.end()) {
      escaped += c;
    } else {
      escaped += found->second;
    }
  }
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;  // a line that begins with a dot is a request
}

std::string manual_page(const ToolTable& table, std::string_view date) {
  const std::string name = table.executable();
  const std::string purpose = table.purpose.substr(0, table.purpose.find_last_not_of('.') + 1);
  const std::string own =
      table.options.empty() ? "" : ".SS Flags of this tool\n" + flag_entries(baton::tool_flags(table));
  std::string page =
      fmt::format(".\\\" Made by make dist from the tables that --help prints.\n.TH {} 1 {} \"Baton {}\" Baton\n",
                  title_of(name), date, baton::kVersion);
  page += fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(purpose));
  page += fmt::format(".SH SYNOPSIS\n{} [{}] [{}]\n", bold(name), italic("VERB"), italic("FLAGS"));
  page += fmt::format(".SH DESCRIPTION\n{}\n", roff(table.purpose));
  page += "A flag wins over \\fB\\-\\-set\\fR, that over the environment, that over the file.\n";
  page += ".SH VERBS\n" + verb_entries(table);
  page += ".SH OPTIONS\n" + own + ".SS Flags of all five tools\n" + flag_entries(baton::shared_flags(table.step));
  page += ".SH ENVIRONMENT\nAn empty variable is none, but for those of a digest and of a file, which are refused.\n";
  page += variable_entries(table.step);
  page += example_entries(table);
  page += ".SH FILES\n" + file_entries(table.step);
  page += ".SH EXIT STATUS\n" + code_entries();
  page += ".SH SEE ALSO\n" + other_tools(table.step) + "\n";
  return page;
}

}  // namespace pages
