// A finalizing action is a value in a table: when it is due and what it does. All of them can be run again.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/step/env.h"
#include "tools/finalize/deployment.h"

namespace baton::finalize {

struct Done {
  Outcome outcome = Outcome::pass;
  std::string message = {};
  std::vector<fs::path> artifacts = {};
  std::vector<Inside> archived_in = {};  ///< folders that want our own handoff as it ends
};

struct Action {
  std::string_view id;
  std::string_view sop;
  std::string_view title;
  /// When it is due; nothing: it does not apply to this deployment.
  std::optional<Time> (*due)(const View&, const Deployment&) = nullptr;
  Done (*perform)(Env&, const Deployment&) = nullptr;
  bool removes = false;  ///< takes away what a rollback would need: held back unless the release is proved to be well
};

/// In the order they are done: the archive comes last and takes what the others wrote.
std::span<const Action* const> actions();

extern const Action summary;
extern const Action history;
extern const Action scale_down;
extern const Action remove_old;
extern const Action archive;

}  // namespace baton::finalize
