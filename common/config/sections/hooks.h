// `hooks:` whoever is run or told around the stages of a switch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/config/endpoint.h"
#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

/// A shell's command line, or a server that is told by POST.
struct Hook {
  std::string command = {};  ///< empty: `to` is told
  Endpoint to = {};
  std::optional<Duration> deadline = {};  ///< nothing: the event's default
  bool is_filled = false;                 ///< from ${…}: it may hold a secret, and is shown as ***
};

struct HooksConfig {
  static constexpr Duration kDeadline = 30s;
  /// Before a rollback users wait: 5 s each, and no more than this in all.
  static constexpr Duration kRollbackDeadline = 5s;
  static constexpr Duration kRollbackInAll = 15s;

  std::vector<Hook> before_stage = {};
  std::vector<Hook> after_stage = {};
  std::vector<Hook> before_rollback = {};
};

/// What output calls it: the command or the URL; of one that may hold a secret "***".
std::string name_of(const Hook& hook);

namespace config {
struct Key;
/// The keys of the section.
void add_hooks(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
