// Label and field selectors, as lists and watches take them.
#pragma once

#include <string_view>

#include "common/core/json.h"

namespace baton::sandbox {

struct Filter {
  std::string_view labels;  ///< "app=web,version in (blue,green),!canary"
  std::string_view fields;  ///< "metadata.name=web,status.phase!=Running"
};
/// Refusal 400 when a selector cannot be read.
bool is_selected(const Json& object, const Filter& filter);

/// A LabelSelector object: matchLabels and matchExpressions; an empty one selects everything.
bool matches(const Json& label_selector, const Json& labels);
/// A Service's plain map of labels; an empty one selects nothing.
bool matches_map(const Json& selector, const Json& labels);

}  // namespace baton::sandbox
