// SOP 4.3: logs, reports and handoffs into the archive folder of the day.
#include <fmt/format.h>

#include <array>

#include "common/config/sections/finalize.h"
#include "common/io/glob.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

std::optional<Time> due(const View& env, const Deployment&) { return env.started_at; }

constexpr std::string_view kMarker = ".baton-id";

/// The day's folder below the archive; a second deployment of the day gets a folder of its own below it.
fs::path folder_for(const fs::path& archive, const Deployment& deployment) {
  fs::path day = to_date(deployment.begun);
  const auto owner = read_file_if_exists(Inside{archive, day / kMarker});
  if (!owner || *owner == deployment.release.id) return day;
  return day / (deployment.release.version + "-" + deployment.release.id);
}

struct Kept {
  std::string_view pattern;
  unsigned mode;  ///< evidence is for its owner only, here too
};
constexpr std::array kKept = {Kept{"*", 0644}, Kept{"evidence/**", 0600}};

bool is_kept(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".json" || extension == ".md" || extension == ".txt" || extension == ".html";
}

void keep_copy(const Inside& from, const Inside& to, unsigned mode) {
  const auto bytes = read_file(from);
  if (read_file_if_exists(to) != bytes) write_file(to, bytes, mode);
}

Done perform(Env& env, const Deployment& deployment) {
  const fs::path root = env.config.finalize().archive;
  const auto folder = folder_for(root, deployment);
  write_file(Inside{root, folder / kMarker}, deployment.release.id);
  int count = 0;
  for (const auto& [pattern, mode] : kKept) {
    for (const auto& file : find_files(env.dir, pattern)) {
      // Our own handoff as it ends is copied by the frame: here it is only begun.
      if (pattern == "*" && !is_kept(file)) continue;
      const Inside from = inside(env.dir, file);
      keep_copy(from, {root, folder / from.name}, mode);
      ++count;
    }
  }
  return {.message = fmt::format("{} files in {}", count, (root / folder).string()), .archived_in = {{root, folder}}};
}

}  // namespace

extern const Action archive{.id = "archive", .sop = "4.3", .title = "Logs archived", .due = due, .perform = perform};

}  // namespace baton::finalize
