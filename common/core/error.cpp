// Names and precedence of exit codes.
#include "common/core/error.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

struct Entry {
  ExitCode code;
  std::string_view name;
};

/// Weightiest first. 2 stands alone: nothing began, so nothing else can apply.
constexpr std::array kByWeight = {
    Entry{ExitCode::usage, "usage"},
    Entry{ExitCode::rollback_failed, "rollback-failed"},
    Entry{ExitCode::error, "error"},
    Entry{ExitCode::handoff, "handoff"},
    Entry{ExitCode::rolled_back, "rolled-back"},
    Entry{ExitCode::stop, "stop"},
    Entry{ExitCode::unknown, "unknown"},
    Entry{ExitCode::interrupted, "signal"},
    Entry{ExitCode::terminated, "signal"},
    Entry{ExitCode::deadline, "deadline"},
    Entry{ExitCode::again, "again"},
    Entry{ExitCode::proceed, "proceed"},
};

}  // namespace

std::string_view exit_name(ExitCode code) {
  const auto entry =
      std::find_if(kByWeight.begin(), kByWeight.end(), [code](const Entry& e) { return e.code == code; });
  return entry == kByWeight.end() ? "error" : entry->name;
}

ExitCode weightiest(std::initializer_list<ExitCode> codes) {
  for (const auto& entry : kByWeight) {
    if (std::ranges::find(codes, entry.code) != codes.end()) return entry.code;
  }
  return ExitCode::proceed;
}

}  // namespace baton
