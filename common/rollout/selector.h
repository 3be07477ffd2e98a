// Label selectors: whom a Service, a Deployment or a disruption budget means.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/core/json.h"

namespace baton::rollout {

using Labels = std::map<std::string, std::string, std::less<>>;

/// Members of a JSON object of strings; none when null. Throws Error{unknown} on values of another type.
Labels labels_from(const Json& object);
Json to_json(const Labels& labels);

/// Every pair of `selector` stands in `labels`. An empty selector selects nobody, as a Service's does.
bool selects(const Labels& selector, const Labels& labels);
/// A LabelSelector with matchLabels and matchExpressions; {} means everybody, null nobody.
bool label_selector_matches(const Json& selector, const Labels& labels);

/// "app=myapp,version=blue", as list requests and people take it.
std::string selector_text(const Labels& selector);
/// `labels` with one pair set.
Labels with(Labels labels, std::string_view key, std::string_view value);
/// `labels` without one key.
Labels without(Labels labels, std::string_view key);

inline constexpr std::string_view kTemplateHash = "pod-template-hash";

/// The colour that comes after `colour`: blue and green take turns; whatever came before colours is followed by green.
std::string next_colour(std::string_view colour);

}  // namespace baton::rollout
