// The texts by which rules are found: what an engine looks for, and where in a rule that text stands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/precheck/secrets/rules/rule.h"

namespace baton::precheck::secrets {

struct Anchor {
  std::string text = {};
  bool is_caseless = false;          ///< then `text` is in lower case
  std::uint32_t rule = 0;            ///< whose part it is; of a keyword the first of `rules`
  std::uint32_t part = 0;            ///< of the rule's parts
  std::vector<std::uint32_t> rules;  ///< of a keyword: all that it stands for; empty: it is a part
  bool is_generic = false;           ///< a name that is given to secrets of any kind
  /// What must stand right before and after it in so many bytes, as far as that is fixed.
  std::vector<Part> before = {};
  std::vector<Part> after = {};

  bool is_keyword() const { return !rules.empty() || is_generic; }
  /// Bytes of `after`.
  std::size_t after_size() const;
};

/// Of all rules, in their order; then the keywords, then the generic names.
std::vector<Anchor> anchors_of(const std::vector<Rule>& rules);
/// What an engine of regular expressions looks for; it must report where this ends.
std::string anchor_pattern(const Anchor& anchor);
/// SHA-256 over all patterns: whether a database was compiled of these.
std::string fingerprint_of(const std::vector<Anchor>& anchors);

}  // namespace baton::precheck::secrets
