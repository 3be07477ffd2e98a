// As migrate looks for them.
#include "tools/precheck/backup_programs.h"

#include "common/clients/database/postgresql/dump_programs.h"
#include "common/io/process.h"

namespace baton::precheck {

Observation look_for_dump_programs(int server_major, const fs::path& packages) {
  try {
    const auto programs = database::find_dump_programs(server_major, packages);
    return {.outcome = Outcome::pass, .observed = programs.dump.string(), .message = "can read the server"};
  } catch (const Error& error) {
    // None at all: nothing was found out of the machine that migrates.
    const bool is_there = find_program("pg_dump").has_value();
    return {.outcome = is_there ? Outcome::warn : Outcome::unknown,
            .message = error.what(),
            .recovery = {error.hint() + " It is needed where baton-migrate runs."}};
  }
}

}  // namespace baton::precheck
