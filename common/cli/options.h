// Flags as data: each is bound to what it sets; parser and help read the same table.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace baton {

struct Option {
  std::string name;      ///< without the dashes
  std::string argument;  ///< what help calls the value; empty: a switch
  std::string help;
  /// A switch is given "true" or "false". Throws Error{usage} on a bad value.
  std::function<void(const std::string&)> set;
  char letter = '\0';        ///< a one-letter form, where there is one
  bool takes_empty = false;  ///< an empty value is handed on, to be refused
};

/// Calls `set` in the order of the command line, for an empty value only where that is taken, and returns the words
/// that are no flags. Throws Error{usage}: an unknown flag (with the nearest known one), a missing value, a value for a
/// switch that is none.
std::vector<std::string> parse_options(std::span<const Option> options, int argc, const char* const* argv);

/// "true" or "false"; Error{usage} naming `where` on anything else.
bool parse_boolean(const std::string& value, const std::string& where);
/// A whole number; Error{usage} naming `where` on anything else.
int parse_int(const std::string& value, const std::string& where);

}  // namespace baton
