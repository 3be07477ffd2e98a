// Reads rules.txt: a line is eight columns, its structure a sequence of texts and classes.
#include "tools/precheck/secrets/rules/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kColumns = 8;
constexpr std::size_t kMost = 20000;
/// Shorter ones stand in every file: such a rule is found by its keywords.
constexpr std::size_t kTellingText = 3;

[[noreturn]] void refuse(std::string_view what) { throw Error(ExitCode::error, std::string(what)); }

/// A structure, read from its left.
class Structure {
 public:
  explicit Structure(std::string_view text) : rest_(text) {}

  std::vector<Part> read() {
    std::vector<Part> parts;
    for (skip_blanks(); !rest_.empty(); skip_blanks()) add_part(parts);
    if (parts.empty()) refuse("the structure is empty");
    return parts;
  }

 private:
  void add_part(std::vector<Part>& parts) {
    if (take("uuid")) {
      add_uuid(parts);
    } else if (rest_.front() == '\'' || rest_.front() == '(') {
      parts.push_back(texts());
    } else {
      parts.push_back(repeated());
    }
  }

  static void add_uuid(std::vector<Part>& parts) {
    constexpr std::array<std::size_t, 5> kGroups{8, 4, 4, 4, 12};
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      if (i > 0) parts.push_back({.texts = {"-"}});
      parts.push_back({.set = char_class("hex"), .least = kGroups.at(i), .most = kGroups.at(i)});
    }
  }

  Part texts() {
    Part part;
    const bool is_choice = take("(");
    do {
      part.texts.push_back(quoted());
      skip_blanks();
    } while (is_choice && take("|"));
    if (is_choice && !take(")")) refuse("a choice has no end");
    part.is_optional = take("?");
    return part;
  }

  std::string quoted() {
    skip_blanks();
    if (!take("'")) refuse("a text begins with '");
    std::string text;
    while (!rest_.empty() && rest_.front() != '\'') {
      char byte = rest_.front();
      rest_.remove_prefix(1);
      if (byte == '\\') byte = escaped();
      text.push_back(byte);
    }
    if (!take("'")) refuse("a text has no end");
    if (text.empty()) refuse("a text is empty");
    return text;
  }

  char escaped() {
    if (take("n")) return '\n';
    if (take("r")) return '\r';
    if (take("\\")) return '\\';
    refuse("only \\n, \\r and \\\\ are known");
  }

  Part repeated() {
    const auto open = rest_.find('{');
    if (open == std::string_view::npos) refuse("a class has no count");
    Part part{.set = char_class(rest_.substr(0, open))};
    rest_.remove_prefix(open + 1);
    part.least = part.most = number();
    if (take(",")) part.most = number();
    if (!take("}")) refuse("a count has no end");
    if (part.most < part.least || part.most == 0 || part.most > kMost) refuse("a count is out of range");
    part.is_value = take("!");
    return part;
  }

  std::size_t number() {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) refuse("a count is a number");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  void skip_blanks() {
    while (take(" ")) {
    }
  }

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  std::string_view rest_;
};

template <typename Enum, typename Name>
Enum named(std::string_view text, std::initializer_list<Enum> all, Name name) {
  for (const auto value : all) {
    if (name(value) == text) return value;
  }
  refuse(fmt::format("'{}' is not known", text));
}

bool tells(const Part& part) {
  return !part.is_optional && !part.is_class() &&
         std::ranges::all_of(part.texts, [](const auto& text) { return text.size() >= kTellingText; });
}

Rule parse_rule(std::string_view line) {
  const auto columns = split(line, '\t');
  if (columns.size() != kColumns) refuse(fmt::format("it has {} columns, not {}", columns.size(), kColumns));
  Rule rule{
      .id = columns[0],
      .severity = named(columns[1],
                        {Severity::live, Severity::low, Severity::encrypted, Severity::published, Severity::identifier},
                        severity_name),
      .sureness = named(columns[2], {Sureness::documented, Sureness::announced, Sureness::observed}, sureness_name),
      .parts = Structure(columns[3]).read(),
      .check = columns[4] == "-" ? "" : columns[4],
      .title = columns[7]};
  if (columns[5] != "-") rule.keywords = split(to_lower(columns[5]), ',');
  if (columns[6] != "-") {
    const auto& text = columns[6];
    if (std::from_chars(text.data(), text.data() + text.size(), rule.least_entropy).ec != std::errc{})
      refuse("the entropy is a number");
  }
  rule.is_bare = std::ranges::none_of(rule.parts, tells) && !rule.keywords.empty();
  return rule;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::live:
      return "live";
    case Severity::low:
      return "low";
    case Severity::encrypted:
      return "encrypted";
    case Severity::published:
      return "published";
    case Severity::identifier:
      return "identifier";
  }
  return "";
}

std::string_view sureness_name(Sureness sureness) {
  switch (sureness) {
    case Sureness::documented:
      return "documented";
    case Sureness::announced:
      return "announced";
    case Sureness::observed:
      return "observed";
  }
  return "";
}

std::vector<Rule> parse_rules(std::string_view text) {
  std::vector<Rule> rules;
  std::set<std::string, std::less<>> ids;
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    try {
      rules.push_back(parse_rule(line));
      if (!ids.insert(rules.back().id).second) refuse("its id is taken");
    } catch (const Error& error) {
      throw Error(ExitCode::error, fmt::format("the rule in line {} cannot be read: {}", number, error.what()));
    }
  }
  return rules;
}

}  // namespace baton::precheck::secrets
