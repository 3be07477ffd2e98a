// One place values come from, and how its mistakes are named.
#pragma once

#include <string>
#include <string_view>

#include "common/core/yaml.h"

namespace baton::config {

struct Source {
  std::string name;        ///< "baton.yaml", "--set", "BATON_STRICT"
  bool is_file = false;    ///< positions mean something to a person only in a file
  std::string key = {};    ///< outside a file: the key that is set, where `name` alone does not tell
  bool is_filled = false;  ///< the value came through ${…}: it may be a secret, and is never quoted in a message

  /// Where a value comes from: "baton.yaml:14:8", or the name alone.
  std::string origin(const YamlNode& node) const;
  /// Throws Error{usage} "baton.yaml:14:8: WHAT", or "--set switch.soak: WHAT".
  [[noreturn]] void fail(
      const YamlNode& node, const std::string& what,
      const std::string& hint = "Correct the value; --schema config prints what each key takes.") const;
  /// Throws Error{usage} "…: expected WHAT, found …".
  [[noreturn]] void expected(const YamlNode& node, const std::string& what) const;
  /// A quoted scalar is text, unless the quotes only stand around a ${…}.
  bool is_text(const YamlNode& node) const { return node.quoted && !is_filled; }
};

}  // namespace baton::config
