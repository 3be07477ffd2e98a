// Whether a rule's whole structure stands around a text that an engine found.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "tools/precheck/secrets/rules/rule.h"

namespace baton::precheck::secrets {

/// Offsets in the block. `value` is the secret, within what was found.
struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;

  std::string_view value(std::string_view block) const { return block.substr(value_begin, value_end - value_begin); }
  std::string_view whole(std::string_view block) const { return block.substr(begin, end - begin); }
};

/// The structure around `text`, which is the rule's `part` and stands at `at`: nothing where it does not fit, or where
/// a byte beside it belongs to it.
std::optional<Found> match_around(const Rule& rule, std::size_t part, std::string_view text, std::string_view block,
                                  std::size_t at);
/// The structure from `at` on.
std::optional<Found> match_at(const Rule& rule, std::string_view block, std::size_t at);

}  // namespace baton::precheck::secrets
