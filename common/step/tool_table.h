// What a tool declared of itself: its flags, verbs and hooks. Filled by Tool, read by the frame.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/cli/options.h"
#include "common/step/env.h"

namespace baton {

struct Carried;
class HandoffFolder;
class Snapshot;

enum class VerbKind {
  look,  ///< reads and prints; no handoff is asked for or written
  act,   ///< changes things on a person's word (rollback): no handoff asked for, none needed
  step,  ///< the step itself: asks for the step before, writes its own handoff
};

struct Verb {
  std::string_view name;
  std::string_view help;
  VerbKind kind = VerbKind::look;
  std::function<StepResult(Env&)> run;
  std::string_view arguments = {};  ///< "FILE", shown in help; empty: none taken
  /// The keys and sections it cannot do without; nothing: all that the step reads. Another one whose ${NAME} is not set
  /// then counts as not given, with a warning: a rollback at 3 a.m. does not wait for a webhook's variable.
  std::optional<std::vector<std::string_view>> needs = {};
  std::string_view argument_key = {};  ///< the key of baton.yaml that its argument gives; empty: none
  /// Of a step: whether this run only looks at a part, as flags say, and hands nothing on. Unset: never.
  std::function<bool()> is_partial = {};
  /// As `needs`, of such a run.
  std::optional<std::vector<std::string_view>> partial_needs = {};
};

/// How a step finds what the cluster carries of a deployment, and adds to it (`carrier.h`).
struct CarrierHooks {
  Carried (*fetch)(Env& env, std::string_view step, const Snapshot& found) = nullptr;
  void (*put)(Env& env, std::string_view step, const HandoffFolder& folder, const StepResult& result) = nullptr;
};

struct ToolTable {
  std::string step;     ///< "precheck"
  std::string purpose;  ///< one sentence for help
  std::vector<Option> options = {};
  std::vector<std::string>* arguments = nullptr;
  std::vector<Verb> verbs = {};
  std::function<Identity(Env&)> identify = {};
  std::function<bool(Env&)> is_resuming = {};
  /// Whether the world says what our ended file says. Unset: nobody asks it but the verb, which therefore looks again.
  std::function<bool(Env&, const Handoff& own)> is_confirmed = {};
  CarrierHooks carrier = {};

  std::string executable() const { return "baton-" + step; }
};

}  // namespace baton
