// SOP 1.2: psql -c "SELECT 1", asked of a server that takes writes.
#include <unistd.h>

#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "common/io/files.h"
#include "common/io/glob.h"
#include "tools/precheck/check.h"
#include "tools/precheck/database_answer.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// A first release's SQLite file: there are migrations, and its folder would take it.
bool is_still_to_be_made(const Look& look, const database::Address& address) {
  std::error_code ignored;
  if (address.engine != database::Engine::sqlite || fs::exists(address.path, ignored)) return false;
  const auto folder = fs::absolute(address.path, ignored).parent_path();
  return ::access(folder.c_str(), W_OK | X_OK) == 0 &&
         !find_files(look.config().database().migrations, "*.sql").empty();
}

/// migrate makes no other file than this one: a path with a typing error would be an empty database.
Observation still_to_be_made(const database::Address& address) {
  Observation seen{.outcome = Outcome::warn,
                   .observed = address.identity,
                   .message = "not there yet: the first migration makes it",
                   .recovery = {"Correct database.url if this database should be there already."}};
  seen.state["database_to_make"] = address.identity;
  return seen;
}

Observation observe(const Look& look) {
  const auto address = database::parse_address(look.config().database().url, look.origin("database.url"));
  if (is_still_to_be_made(look, address)) return still_to_be_made(address);
  Observation seen;
  try {
    seen = judged(ask_database(look, address));
  } catch (const database::StatementError& error) {
    seen.outcome = Outcome::fail;
    seen.message = error.what();
  }
  seen.observed = address.identity;
  return seen;
}

}  // namespace

extern const Check database_reachable{
    .id = "database-reachable",
    .sop = "1.2",
    .title = "Database",
    .expected = [](const Config&) { return Expected("connects in <= 5 s, answers SELECT 1 in <= 1 s, takes writes"); },
    .needs = "database.url",
    .critical = true,
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .is_waivable = false,
    .observe = observe};

}  // namespace baton::precheck
