// dbmate's files and its table.
#pragma once

#include "common/step/migration_files.h"
#include "tools/migrate/format.h"

namespace baton::migrate {

Migration parse_dbmate(std::string_view text, const std::string& file);
extern const History dbmate_history;

}  // namespace baton::migrate
