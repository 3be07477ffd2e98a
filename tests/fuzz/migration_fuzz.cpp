// libs: baton_tool_migrate — migration files, and the statements in them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/core/error.h"
#include "tools/migrate/formats/dbmate.h"
#include "tools/migrate/location.h"
#include "tools/migrate/sql/statements.h"

namespace {

using baton::database::Engine;

/// Every statement lies inside its text, in order, and has a place in the file.
void check(const baton::migrate::Script& script, Engine engine) {
  const char* from = script.sql.data();
  for (const auto statement : baton::migrate::split_statements(script.sql, engine)) {
    if (statement.empty() || statement.data() < from) std::abort();
    from = statement.data() + statement.size();
    if (from > script.sql.data() + script.sql.size()) std::abort();
    baton::migrate::controls_transaction(statement);
  }
  for (const int position : {0, 1, 7, 1 << 20}) {
    const auto spot = baton::migrate::spot_of(script, {.character = position, .statement = position}, engine);
    if (spot.line < script.line || spot.column < 1) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  baton::dbmate_version(text);
  for (const auto engine : {Engine::sqlite, Engine::postgresql}) check({.sql = std::string(text)}, engine);
  try {
    const auto migration = baton::migrate::parse_dbmate(text, "m.sql");
    for (const auto& script : migration.up) check(script, Engine::postgresql);
    for (const auto& script : migration.down) check(script, Engine::sqlite);
  } catch (const baton::Error&) {
    // every bad file is refused this way
  }
  return 0;
}
