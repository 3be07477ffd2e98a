// dbmate's file format: "-- migrate:up" and "-- migrate:down" blocks in NNN_name.sql.
#include "tools/migrate/formats/dbmate.h"

#include <algorithm>
#include <cctype>

namespace baton::migrate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kUp = "migrate:up";
constexpr std::string_view kDown = "migrate:down";

struct Directive {
  bool is_up = true;
  bool is_transactional = true;
  std::size_t offset = 0;
  int line = 1;
};

Error broken(const std::string& file, int line, const std::string& what, const std::string& hint) {
  return {ExitCode::usage, file + ":" + std::to_string(line) + ": " + what, hint};
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

/// Words of the form key:value; only transaction:false has a meaning, all else is dbmate's to ignore.
bool asks_for_no_transaction(std::string_view options) {
  while (!(options = without_blanks(options)).empty()) {
    const auto end = std::ranges::find_if(options, is_blank) - options.begin();
    if (options.substr(0, static_cast<std::size_t>(end)) == "transaction:false") return true;
    options.remove_prefix(static_cast<std::size_t>(end));
  }
  return false;
}

/// Only in the first column; "-- migrate:upgrade" is an ordinary comment.
std::optional<Directive> directive_in(std::string_view line) {
  if (!line.starts_with("--")) return std::nullopt;
  auto rest = without_blanks(line.substr(2));
  const bool is_up = rest.starts_with(kUp);
  if (!is_up && !rest.starts_with(kDown)) return std::nullopt;
  rest.remove_prefix(is_up ? kUp.size() : kDown.size());
  if (!rest.empty() && !is_blank(rest.front())) return std::nullopt;
  return Directive{.is_up = is_up, .is_transactional = !asks_for_no_transaction(rest)};
}

std::vector<Directive> find_directives(std::string_view text, const std::string& file) {
  std::vector<Directive> found;
  std::size_t at = 0;
  for (int number = 1; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const auto visible = without_blanks(line);
    if (auto directive = directive_in(line)) {
      directive->offset = at;
      directive->line = number;
      found.push_back(*directive);
    } else if (found.empty() && !visible.empty() && !visible.starts_with("--")) {
      throw broken(file, number, "a statement stands before the first '-- migrate:up' line",
                   "Move it below the '-- migrate:up' line.");
    }
    at = end + 1;
  }
  return found;
}

/// Up and down take turns, beginning with up and ending with down.
void check_order(const std::vector<Directive>& directives, const std::string& file) {
  bool wants_up = true;
  for (const auto& directive : directives) {
    if (directive.is_up != wants_up) {
      throw broken(file, directive.line,
                   wants_up ? "'-- migrate:down' has no '-- migrate:up' before it"
                            : "'-- migrate:up' follows an up block that has no '-- migrate:down'",
                   "Write each '-- migrate:up' block before its '-- migrate:down' block.");
    }
    wants_up = !wants_up;
  }
  if (directives.empty()) {
    throw broken(file, 1, "no '-- migrate:up' line", "Begin the migration with a line '-- migrate:up'.");
  }
  if (!wants_up) {
    throw broken(file, directives.back().line, "this up block has no '-- migrate:down' block",
                 "End the file with a line '-- migrate:down' and the way back, if there is one.");
  }
}

}  // namespace

Migration parse_dbmate(std::string_view text, const std::string& file) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const auto directives = find_directives(text, file);
  check_order(directives, file);
  Migration migration{.version = {}, .file = file, .up = {}, .down = {}};
  for (std::size_t index = 0; index < directives.size(); ++index) {
    const auto& [is_up, is_transactional, begin, line] = directives[index];
    const auto end = index + 1 < directives.size() ? directives[index + 1].offset : text.size();
    Script script{
        .sql = std::string(text.substr(begin, end - begin)), .line = line, .is_transactional = is_transactional};
    if (is_up) {
      migration.up.push_back(std::move(script));
    } else {
      // The newest section is undone first.
      migration.down.insert(migration.down.begin(), std::move(script));
    }
  }
  return migration;
}

const Format dbmate{.name = "dbmate", .version_of = dbmate_version, .parse = parse_dbmate, .history = dbmate_history};

}  // namespace baton::migrate
