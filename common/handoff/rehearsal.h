// The record of a rehearsal: what the migrations did on staging, for whoever decides about production.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"

namespace baton {

inline constexpr std::string_view kRehearsalType = "urn:baton:rehearsal:v1";
inline constexpr std::string_view kRehearsalSchema = "1.0";  ///< major.minor; a reader refuses another major
inline constexpr std::size_t kMaxRehearsalBytes = 4U << 20U;

/// What is known of the way down.
enum class WayDown {
  proven,   ///< run, and the schema before it was back
  failed,   ///< run, and it was not
  untried,  ///< written, and not run
  none,     ///< none is written
};
std::string_view way_down_name(WayDown way);

struct RehearsedMigration {
  std::string file;  ///< its name: "20250101_users.sql"
  std::string sha256;
  Duration took{0};
  Duration longest_wait{0};  ///< the longest that anybody else waited for a lock of it
  WayDown way_down = WayDown::untried;
};

/// An in-toto Statement v1 about all files of the folder, as common/step/migration_files.h hashes them.
struct Rehearsal {
  std::string files_sha256;
  std::string database;     ///< where it was rehearsed: "postgresql://host:port/name", or an absolute path
  std::string server = {};  ///< "PostgreSQL 15.4"; empty: not known
  bool succeeded = false;
  std::string trouble = {};  ///< why it did not succeed
  Duration took{0};          ///< of all migrations together
  Duration longest_wait{0};
  WayDown way_down = WayDown::untried;              ///< the worst of them
  std::vector<RehearsedMigration> migrations = {};  ///< those that were pending there, in the order applied
  std::string tool_name = "baton-migrate";
  std::string tool_version = {};
  Time started_at = {};
  Time finished_at = {};
};

/// Pretty JSON that parse_rehearsal() takes as it is.
std::string to_bytes(const Rehearsal& rehearsal);
/// Throws Error{unknown} "NAME: …" on whatever is no whole record of a version that is known, and on one that
/// contradicts itself: a member of it took longer, waited longer or is worse than the whole.
Rehearsal parse_rehearsal(std::string_view bytes, std::string_view name);

}  // namespace baton
