// What a tool declared of itself: its flags, verbs and hooks. Filled by Tool, read by the frame.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/cli/options.h"
#include "common/cli/tool.h"

namespace baton {

struct ToolTable {
  std::string step;     ///< "precheck"
  std::string purpose;  ///< one sentence for help
  std::vector<Option> options = {};
  std::vector<std::string>* arguments = nullptr;
  std::vector<Verb> verbs = {};
  std::function<Identity(Env&)> identify = {};
  std::function<bool(Env&)> is_resuming = {};

  std::string executable() const { return "baton-" + step; }
};

/// What --help prints.
std::string help_text(const ToolTable& table);

}  // namespace baton
