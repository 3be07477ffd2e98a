// Exit codes of the five tools and the one exception type they throw.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace baton {

/// What a pipeline is told. The numbers are promises (docs/exit-codes.md).
enum class ExitCode : int {
  proceed = 0,
  error = 1,
  usage = 2,
  stop = 3,
  rolled_back = 4,
  rollback_failed = 5,
  unknown = 6,
  handoff = 7,
  again = 75,
  deadline = 124,
  interrupted = 130,
  terminated = 143,
};

/// The contract's name of a code, e.g. "rolled-back".
std::string_view exit_name(ExitCode code);

/// The code that wins when several apply: 5 > 1 > 7 > 4 > 3 > 6 > 130, 143 > 124 > 75 > 0; 2 stands alone and wins over
/// all.
ExitCode weightiest(std::initializer_list<ExitCode> codes);

/// A tool cannot do its job. `what()` is lower case without a full stop, subject first, value in quotes, cause last;
/// `hint()` is one sentence that starts with a verb. Neither ever holds a secret.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

  ExitCode code() const noexcept { return code_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  ExitCode code_;
  std::string hint_;
};

}  // namespace baton
