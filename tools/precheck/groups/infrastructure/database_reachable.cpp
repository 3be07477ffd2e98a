// SOP 1.2: psql -c "SELECT 1".
#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto address = database::parse_address(look.config().database().url, look.origin("database.url"));
  Observation seen;
  try {
    const auto connection = database::connect(address, std::chrono::seconds(10));
    const auto rows = connection->query("SELECT 1");
    const bool answered = rows.rows.size() == 1 && rows.rows[0].at(0) == "1";
    seen.outcome = answered ? Outcome::pass : Outcome::fail;
    seen.message = answered ? "connected" : "SELECT 1 gave something else";
  } catch (const database::StatementError& error) {
    seen.outcome = Outcome::fail;
    seen.message = error.what();
  }
  seen.observed = address.identity;
  return seen;
}

}  // namespace

extern const Check database_reachable{.id = "database-reachable",
                                      .sop = "1.2",
                                      .title = "Database",
                                      .expected = [](const Config&) { return Expected("SELECT 1 answers 1"); },
                                      .needs = "database.url",
                                      .critical = true,
                                      .part = "database",
                                      .part_needs = "database.url",
                                      .declared = WhenDeclared::settled,
                                      .is_waivable = false,
                                      .observe = observe};

}  // namespace baton::precheck
