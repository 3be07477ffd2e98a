// Commands with everything filled in.
#include "tools/watch/commands.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/core/text.h"

namespace baton::watch {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = "-_./:=@%+,";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

/// Whose cluster, namespace and Service.
std::string target_flags(const Watched& watched) {
  std::string flags = " -n " + shell_word(watched.kube.namespace_name());
  const auto& kubernetes = watched.env.config.kubernetes();
  if (!kubernetes.context.empty()) flags += " --context " + shell_word(kubernetes.context);
  if (watched.move.service != watched.env.release.app)
    flags += " --set " + shell_word("kubernetes.service=" + watched.move.service);
  return flags;
}

}  // namespace

std::string shell_word(const std::string& text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return text;
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

std::string way_back(const Watched& watched, const std::string& reason) {
  if (!watched.is_recorded) return "the way it was deployed: Baton recorded no switch to go back from";
  return fmt::format("baton-switch rollback {}{} --reason {} --by \"$USER\"", shell_word(watched.env.release.app),
                     target_flags(watched), shell_word(reason));
}

std::string accept_command(const Watched& watched, const std::string& rule) {
  return fmt::format("baton-watch tick --accept {} --by \"$USER\" --set {}{}", shell_word(rule),
                     shell_word("app=" + watched.env.release.app), target_flags(watched));
}

}  // namespace baton::watch
