// From configuration and environment to a connection.
#include "tools/migrate/workspace.h"

#include "common/config/sections/database.h"
#include "common/config/sections/migrate.h"
#include "common/core/printable.h"

namespace baton::migrate {
namespace {

constexpr Duration kConnectTimeout = std::chrono::seconds(10);

std::string database_url(const View& env) {
  const auto& url = env.config.database().url;
  if (!url.empty()) return url;
  const auto from_environment = env.is_standalone() ? env.environment.find("DATABASE_URL") : std::nullopt;
  if (from_environment) return *from_environment;
  throw Error(ExitCode::usage, "no database is configured, so there is no migrate step",
              "Set database.url, or DATABASE_URL together with --standalone.");
}

}  // namespace

bool Workspace::is_missing_file() const {
  std::error_code ignored;
  return direct.engine == database::Engine::sqlite && !fs::exists(direct.path, ignored);
}

Workspace find_workspace(const View& env) {
  const std::string url = database_url(env);
  const auto& direct = env.config.database().direct_url;
  return {.format = dbmate,
          .address = database::parse_address(url),
          .direct = database::parse_address(direct.empty() ? url : direct),
          .files = list_migrations(dbmate, env.config.database().migrations)};
}

std::unique_ptr<database::Database> connect(const View& env, const Workspace& workspace) {
  // SQLite's timeout is how long a migration waits for a writer; the budget and a stop end it sooner.
  const bool is_sqlite = workspace.direct.engine == database::Engine::sqlite;
  const Duration timeout = is_sqlite ? env.config.migrate().budget : kConnectTimeout;
  const bool may_create = env.is_standalone() && !env.is_dry_run();
  auto connection = database::connect(workspace.direct, timeout,
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
