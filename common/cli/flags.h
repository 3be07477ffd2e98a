// The flags that all five tools have, and what they and the environment say together.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/cli/options.h"
#include "common/config/config.h"
#include "common/config/loader.h"
#include "common/io/env.h"

namespace baton {

enum class FlagKind { text, list, truth };

/// One line of the contract's table of common flags.
struct CommonFlag {
  std::string_view name;
  FlagKind kind;
  std::string_view argument;  ///< what help calls the value
  std::string_view help;
  std::string_view key = {};  ///< its place in the file; empty: none
  bool in_environment = true;
  char letter = '\0';                          ///< a one-letter form, where there is one
  std::array<std::string_view, 2> steps = {};  ///< those that take it; none named: all
};
std::span<const CommonFlag> common_flags();
bool is_for(const CommonFlag& flag, std::string_view step);

/// "BATON_LOG_LEVEL" of "log-level".
std::string variable_of(std::string_view flag);

/// What was given for each flag, by its name, in order.
using GivenFlags = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The common flags as options that write into `given`, which must outlive them; those that a step does not take are
/// among them, to be refused by name.
std::vector<Option> bind_common_flags(GivenFlags& given);

/// All that is settled before the configuration file is read.
struct Settings {
  bool version = false;
  bool help = false;
  bool print_config = false;
  std::string schema = {};       ///< "config" or "handoff"
  std::string config_file = {};  ///< empty: baton.yaml, which may be absent
  bool standalone = false;
  bool dry_run = false;
  bool observe = false;
  std::string handoff_sha256 = {};
  std::vector<ConfigOverride> overrides = {};  ///< of keys of the file, weakest first
};

/// Throws Error{usage} on a variable that is neither true nor false, and on flags that this version does not have.
Settings settle(const GivenFlags& given, const Environment& environment);

}  // namespace baton
