// The lock's file also says who holds it, for the message of the one that comes second.
#include "common/step/lock.h"

#include <unistd.h>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/step/traces.h"

namespace baton {

namespace {

/// A folder that we may not write is a wrong flag.
std::optional<FileLock> try_lock(const Inside& file) {
  try {
    return FileLock::try_lock(file);
  } catch (const Error& error) {
    if (error.code() != ExitCode::error) throw;
    throw Error(ExitCode::usage, "cannot write into '" + file.folder.string() + "': " + error.what(),
                "Name a folder that can be written with --dir.");
  }
}

}  // namespace

FileLock lock_step(const Invocation& invocation) {
  const Inside file = inside(invocation.env.dir, lock_file_of(invocation.env.dir, invocation.table.step));
  auto lock = try_lock(file);
  if (!lock) {
    const std::string holder = printable(trim(read_file_if_exists(file, 4096).value_or("")), 300);
    throw Error(ExitCode::again,
                "another run of " + invocation.table.step + " works in '" + invocation.env.dir.string() +
                    "': " + (holder.empty() ? "holder not known" : holder),
                "Wait until it ends, then run the step again.");
  }
  lock->note("pid " + std::to_string(getpid()) + " since " + to_rfc3339(invocation.env.started_at) + "\n");
  return std::move(*lock);
}

}  // namespace baton
