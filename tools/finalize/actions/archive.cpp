// SOP 4.3: logs, reports and handoffs into the archive folder of the day.
#include <fmt/format.h>

#include "common/config/sections/finalize.h"
#include "common/io/glob.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

std::optional<Time> due(const View& env, const Deployment&) { return env.started_at; }

constexpr std::string_view kMarker = ".baton-id";

/// The day's folder; a second deployment of the day gets a folder of its own below it.
fs::path folder_for(const View& env, const Deployment& deployment) {
  fs::path day = fs::path(env.config.finalize().archive) / to_date(deployment.begun);
  const auto owner = read_file_if_exists(day / kMarker);
  if (!owner || *owner == deployment.release.id) return day;
  return day / (deployment.release.version + "-" + deployment.release.id);
}

bool is_kept(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".json" || extension == ".md" || extension == ".txt" || extension == ".html";
}

void keep_copy(const fs::path& from, const fs::path& to) {
  const auto bytes = read_file(from);
  if (read_file_if_exists(to) != bytes) write_file(to, bytes);
}

Done perform(Env& env, const Deployment& deployment) {
  const auto folder = folder_for(env, deployment);
  write_file(folder / kMarker, deployment.release.id);
  int count = 0;
  for (const auto* pattern : {"*", "evidence/**"}) {
    for (const auto& file : find_files(env.dir, pattern)) {
      // Our own handoff is written after this; the next run takes it along.
      if (std::string_view(pattern) == "*" && !is_kept(file)) continue;
      keep_copy(file, folder / file.lexically_relative(env.dir));
      ++count;
    }
  }
  return {.message = fmt::format("{} files in {}", count, folder.string())};
}

}  // namespace

extern const Action archive{.id = "archive", .sop = "4.3", .title = "Logs archived", .due = due, .perform = perform};

}  // namespace baton::finalize
