// Counts lines and characters of UTF-8.
#include "tools/migrate/location.h"

#include <algorithm>

#include "tools/migrate/sql/statements.h"

namespace baton::migrate {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t offset_of_character(std::string_view text, int position) {
  int count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && ++count == position) return at;
  }
  return text.size();
}

}  // namespace

Spot spot_at(const Script& script, std::size_t offset) {
  const std::string_view before = std::string_view(script.sql).substr(0, std::min(offset, script.sql.size()));
  const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto lines = std::ranges::count(before, '\n');
  const auto characters = std::ranges::count_if(before.substr(line_start), begins_character);
  return {.line = script.line + static_cast<int>(lines), .column = static_cast<int>(characters) + 1};
}

Spot spot_of(const Script& script, const database::ErrorPosition& position, database::Engine engine) {
  if (position.character > 0) return spot_at(script, offset_of_character(script.sql, position.character));
  const auto statements = split_statements(script.sql, engine);
  const auto number = static_cast<std::size_t>(std::max(position.statement, 0));
  if (number == 0 || number > statements.size()) return {.line = script.line, .column = 1};
  return spot_at(script, static_cast<std::size_t>(statements[number - 1].data() - script.sql.data()));
}

}  // namespace baton::migrate
