// From a place in the SQL that was sent to a place in the file it came from.
#pragma once

#include "common/clients/database/database.h"
#include "tools/migrate/format.h"

namespace baton::migrate {

struct Spot {
  int line = 1;
  int column = 1;  ///< in characters
};

/// `offset` counts bytes of the script's SQL, from 0.
Spot spot_at(const Script& script, std::size_t offset);
/// Where the statement failed: the server's own position, else the beginning of the statement that failed, else of the
/// script.
Spot spot_of(const Script& script, const database::ErrorPosition& position, database::Engine engine);

}  // namespace baton::migrate
