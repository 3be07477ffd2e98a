// A process's identity from /proc.
#include "common/rollout/process_identity.h"

#include <algorithm>
#include <vector>

#include "common/core/text.h"
#include "common/io/files.h"

namespace baton::rollout {
namespace {

std::string boot_and_namespace() {
  std::error_code error;
  const auto space = fs::read_symlink("/proc/self/ns/pid", error);
  const auto boot = read_file_if_exists("/proc/sys/kernel/random/boot_id");
  if (error || !boot) return "";
  return std::string(trim(*boot)) + " " + space.string();
}

/// Its start in ticks since boot: field 22, counted from behind the name, which may hold anything. Empty when it is
/// gone, or dead and only not yet buried by its parent.
std::string start_of(const std::string& process) {
  const auto stat = read_file_if_exists("/proc/" + process + "/stat");
  if (!stat) return "";
  const auto fields = split(stat->substr(std::min(stat->rfind(')') + 2, stat->size())), ' ');
  constexpr std::size_t kStart = 22 - 3;
  if (fields.size() <= kStart || fields.front() == "Z" || fields.front() == "X") return "";
  return fields[kStart];
}

}  // namespace

std::string own_identity() {
  std::error_code error;
  const auto self = fs::read_symlink("/proc/self", error).string();
  const auto where = boot_and_namespace();
  if (error || where.empty()) return "";
  return where + " " + self + " " + start_of(self);
}

bool is_dead(std::string_view identity) {
  const auto parts = split(identity, ' ');
  if (parts.size() != 4 || parts[3].empty()) return false;
  return parts[0] + " " + parts[1] == boot_and_namespace() && start_of(parts[2]) != parts[3];
}

}  // namespace baton::rollout
