// One place values come from, and how its mistakes are named.
#pragma once

#include <string>
#include <string_view>

#include "common/core/error.h"
#include "common/core/yaml.h"

namespace baton::config {

struct Source {
  std::string name;       ///< "baton.yaml", "--set", "BATON_STRICT"
  bool is_file = false;   ///< positions mean something to a person only in a file

  /// "baton.yaml:14:8", or the name alone.
  std::string at(int line, int column) const {
    return is_file ? name + ":" + std::to_string(line) + ":" + std::to_string(column) : name;
  }
  std::string at(const YamlNode& node) const { return at(node.line, node.column); }
  [[noreturn]] void fail(const YamlNode& node, const std::string& what) const {
    throw Error(ExitCode::usage, at(node) + ": " + what, "Correct the value; --schema config prints what each key takes.");
  }
};

}  // namespace baton::config
