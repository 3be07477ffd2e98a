// dbmate's files and its table.
#pragma once

#include "tools/migrate/format.h"

namespace baton::migrate {

std::optional<std::string> dbmate_version(std::string_view file_name);
Migration parse_dbmate(std::string_view text, const std::string& file);
extern const History dbmate_history;

}  // namespace baton::migrate
