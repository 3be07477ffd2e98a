// How a tool declares itself, and its run from argv to the exit code.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/step/tool_table.h"

namespace baton {

/// Options are bound to the fields they set; help and parser come from the same table.
class Tool {
 public:
  Tool(std::string_view step, std::string_view purpose);
  ~Tool();

  /// `argument` is what help calls the value.
  void accept(std::string_view flag, std::string& field, std::string_view help, std::string_view argument = "TEXT");
  void accept(std::string_view flag, int& field, std::string_view help);
  void accept(std::string_view flag, bool& field, std::string_view help);
  /// Repeatable.
  void accept(std::string_view flag, std::vector<std::string>& field, std::string_view help,
              std::string_view argument = "TEXT");
  /// Positional arguments after the verb.
  void accept_arguments(std::vector<std::string>& field);
  /// The first verb is the default.
  void verb(Verb verb);
  /// Called for step verbs before the previous handoff is read: what we work on. Unset: nothing known.
  void identify_by(std::function<Identity(Env&)> identify);
  /// Whether an unfinished intent of this release id is recorded in the cluster (expiry is not checked then). Called
  /// after identify.
  void resume_if(std::function<bool(Env&)> is_resuming);
  /// A step that has ended is only believed where this says that the world agrees; without it the step looks again.
  void confirm_by(std::function<bool(Env&, const Handoff& own)> is_confirmed);
  /// What the step takes from the cluster where it has no files, and leaves there.
  void carry_by(CarrierHooks carrier);

  ExitCode run(int argc, const char* const* argv);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Each executable has one; the only main() calls it.
ExitCode tool_main(int argc, const char* const* argv);

}  // namespace baton
