// One place values come from, and how its mistakes are named.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/error.h"
#include "common/core/yaml.h"

namespace baton::config {

struct Source {
  std::string name;                        ///< "baton.yaml", "--set", "BATON_STRICT"
  bool is_file = false;                    ///< positions mean something to a person only in a file
  std::string key = {};                    ///< outside a file: the key that is set, where `name` alone does not tell
  std::vector<Error>* mistakes = nullptr;  ///< where those of one part go, so that the others are looked at as well
  bool is_filled = false;  ///< the value came through ${…}: it may be a secret, and is never quoted in a message

  /// Where a value comes from: "baton.yaml:14:8", or the name alone.
  std::string origin(const YamlNode& node) const;
  /// Throws Error{usage} "baton.yaml:14:8: WHAT", or "--set switch.soak: WHAT".
  [[noreturn]] void fail(
      const YamlNode& node, const std::string& what,
      const std::string& hint = "Correct the value; --schema config prints what each key takes.") const;
  /// Throws Error{usage} "…: expected WHAT, found …".
  [[noreturn]] void expected(const YamlNode& node, const std::string& what) const;
  /// Calls `read`, which may fail: its mistake is noted where there is a place for it, and false.
  bool attempt(const std::function<void()>& read) const;
  /// Calls `read` with every part, though one may fail; throws the last mistake, after the others were noted.
  template <typename Parts, typename Read>
  void every(const Parts& parts, const Read& read) const {
    bool is_whole = true;
    for (const auto& part : parts) is_whole = attempt([&] { read(part); }) && is_whole;
    if (!is_whole) throw_last();
  }
  /// The same with the items of what must be a list.
  void each(const YamlNode& list, const std::string& expected, const std::function<void(const YamlNode&)>& read) const;
  /// A quoted scalar is text, unless the quotes only stand around a ${…}.
  bool is_text(const YamlNode& node) const { return node.quoted && !is_filled; }

 private:
  [[noreturn]] void throw_last() const;
};

}  // namespace baton::config
