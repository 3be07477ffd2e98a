// SOP 2b.1: the backup before the migration has a place to be, and room there.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "common/clients/database/database.h"
#include "common/config/sections/database.h"
#include "common/config/sections/migrate.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/io/files.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

/// The folder, or the nearest one above it that is there: it is made for the backup.
fs::path nearest(const fs::path& folder) {
  std::error_code ignored;
  auto here = fs::absolute(folder, ignored);
  while (!fs::exists(here, ignored) && here.has_relative_path()) here = here.parent_path();
  return here;
}

/// As baton-migrate counts it. Throws Error{unknown}.
std::int64_t size_of(const database::Address& address) {
  const auto connection = database::connect(address, std::chrono::seconds(10));
  const auto rows = connection->query(address.engine == database::Engine::sqlite
                                          ? "select page_count * page_size from pragma_page_count, pragma_page_size"
                                          : "select pg_database_size(current_database())");
  const auto text = rows.rows.empty() ? std::string() : rows.rows[0].at(0).value_or("");
  std::int64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || text.empty())
    throw Error(ExitCode::unknown, "the database does not say how large it is", "Look at the database.");
  return size;
}

Observation unusable(const std::string& folder, const std::string& why) {
  return {.outcome = Outcome::fail,
          .observed = folder,
          .message = fmt::format("'{}' {}", folder, why),
          .recovery = {"Correct migrate.backup_dir, or who may write there."}};
}

Observation observe(const Look& look) {
  const auto& migrate = look.config().migrate();
  if (!migrate.backup) return {.outcome = Outcome::pass, .message = "none is made: migrate.backup is false"};
  const fs::path folder = migrate.backup_dir;
  const auto shown = printable(folder.string(), 200);
  const auto there = nearest(folder);
  std::error_code failed;
  if (!fs::is_directory(there, failed)) return unusable(shown, "is no folder");
  if (::access(there.c_str(), W_OK | X_OK) != 0) return unusable(shown, "may not be written to");
  const auto space = fs::space(there, failed);
  if (failed)
    throw Error(ExitCode::unknown, fmt::format("how much room '{}' has is not known: {}", shown, failed.message()));
  const auto address = database::parse_address(look.config().database().url, look.origin("database.url"));
  std::error_code ignored;
  const bool is_to_be_made = address.engine == database::Engine::sqlite && !fs::exists(address.path, ignored);
  const auto needed = is_to_be_made ? 0 : size_of(address);
  const auto free = static_cast<std::int64_t>(std::min<std::uintmax_t>(space.available, INT64_MAX));
  Observation seen{.outcome = needed <= free && free > 0 ? Outcome::pass : Outcome::fail,
                   .observed = Measured(free, "B")};
  seen.message =
      fmt::format("'{}' can be written to, {} free; the database has {}", shown, size_text(free), size_text(needed));
  if (seen.outcome == Outcome::fail) seen.recovery = {"Free space there, or set migrate.backup_dir to a larger disk."};
  return seen;
}

}  // namespace

extern const Check backup_target{
    .id = "backup-target",
    .sop = "2b.1",
    .title = "Backup target",
    .expected = [](const Config&) { return Expected("writable, with room for the whole database"); },
    .needs = "database.url",
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .observe = observe};

}  // namespace baton::precheck
