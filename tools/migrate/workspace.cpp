// From configuration and environment to a connection.
#include "tools/migrate/workspace.h"

#include "common/config/sections/database.h"
#include "common/config/sections/migrate.h"
#include "common/core/printable.h"
#include "common/step/connect.h"

namespace baton::migrate {
namespace {

constexpr Duration kConnectTimeout = std::chrono::seconds(10);

database::Address find_address(const View& env) {
  const auto& url = env.config.database().url;
  if (!url.empty()) return database::parse_address(url, origin_of(env, "database.url"));
  const auto from_environment = env.is_standalone() ? env.environment.find("DATABASE_URL") : std::nullopt;
  if (from_environment) return database::parse_address(*from_environment, "DATABASE_URL");
  throw Error(ExitCode::usage, "no database is configured, so there is no migrate step",
              "Set database.url, or DATABASE_URL together with --standalone.");
}

/// An SQLite file that is not there is made standalone, and where precheck saw that it is still to be made: else its
/// path is wrong.
bool may_make(const View& env, const Workspace& workspace) {
  const auto* precheck = find_step(env.earlier, "precheck");
  return env.is_standalone() ||
         (precheck != nullptr && precheck->state["database_to_make"] == Json(workspace.direct.identity));
}

/// SQLite's timeout is how long a migration waits for a writer; the budget and a stop end it sooner.
Duration timeout_of(const View& env, const Workspace& workspace) {
  return workspace.direct.engine == database::Engine::sqlite ? env.config.migrate().budget : kConnectTimeout;
}

}  // namespace

bool Workspace::is_missing_file() const {
  std::error_code ignored;
  return direct.engine == database::Engine::sqlite && !fs::exists(direct.path, ignored);
}

Workspace find_workspace(const View& env) {
  const auto address = find_address(env);
  const auto& direct = env.config.database().direct_url;
  return {.format = dbmate,
          .address = address,
          .direct = direct.empty() ? address : database::parse_address(direct, origin_of(env, "database.direct_url")),
          .files = list_migrations(dbmate, env.config.database().migrations)};
}

Patience patience_of(const View& env) {
  return {.clock = env.clock, .stop = env.stop, .progress = env.log.progress_lines()};
}

std::set<std::string> look_at_history(const View& env, const Workspace& workspace) {
  if (workspace.is_missing_file() && may_make(env, workspace)) return {};
  database::Reader reader(workspace.direct, timeout_of(env, workspace));
  return workspace.format.history.read(over(reader), workspace.direct.engine);
}

std::unique_ptr<database::Database> connect(const View& env, const Workspace& workspace) {
  const bool may_create = may_make(env, workspace) && !env.is_dry_run();
  auto connection = database::connect(workspace.direct, timeout_of(env, workspace),
                                      may_create ? database::IfMissing::create : database::IfMissing::fail);
  connection->on_notice([&env](std::string_view severity, std::string_view text) {
    env.log.info("the database says " + printable(severity, 20) + ": " + printable(text));
  });
  return connection;
}

Identity identify(const View& env) {
  const Workspace workspace = find_workspace(env);
  return {.subject = {.name = "migrations", .sha256 = digest_of(workspace.files)},
          .target = {.database = workspace.address.identity}};
}

}  // namespace baton::migrate
