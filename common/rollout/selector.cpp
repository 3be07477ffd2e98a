// Label selectors, evaluated as the API server does.
#include "common/rollout/selector.h"

#include <algorithm>
#include <vector>

#include "common/core/text.h"

namespace baton::rollout {
namespace {

bool holds_one_of(const Json& values, const std::string& value) {
  return std::ranges::any_of(values.items_or_none(), [&](const Json& item) { return item.string() == value; });
}

bool expression_holds(const Json& expression, const Labels& labels) {
  const auto& verb = expression["operator"].string();
  const auto found = labels.find(expression["key"].string());
  const bool is_there = found != labels.end();
  if (verb == "Exists") return is_there;
  if (verb == "DoesNotExist") return !is_there;
  if (verb == "In") return is_there && holds_one_of(expression["values"], found->second);
  return !is_there || !holds_one_of(expression["values"], found->second);
}

bool all_pairs_in(const Labels& wanted, const Labels& labels) {
  return std::ranges::all_of(wanted, [&](const auto& pair) {
    const auto found = labels.find(pair.first);
    return found != labels.end() && found->second == pair.second;
  });
}

}  // namespace

Labels labels_from(const Json& object) {
  Labels labels;
  for (const auto& [key, value] : object.members_or_none()) labels.emplace(key, value.string());
  return labels;
}

Json to_json(const Labels& labels) {
  auto object = Json::object();
  for (const auto& [key, value] : labels) object[key] = value;
  return object;
}

bool selects(const Labels& selector, const Labels& labels) {
  return !selector.empty() && all_pairs_in(selector, labels);
}

bool label_selector_matches(const Json& selector, const Labels& labels) {
  if (selector.is_null()) return false;
  const auto& expressions = selector["matchExpressions"].items_or_none();
  return all_pairs_in(labels_from(selector["matchLabels"]), labels) &&
         std::ranges::all_of(expressions, [&](const Json& one) { return expression_holds(one, labels); });
}

std::string selector_text(const Labels& selector) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : selector) pairs.push_back(std::string(key).append("=").append(value));
  return join(pairs, ",");
}

Labels with(Labels labels, std::string_view key, std::string_view value) {
  labels.insert_or_assign(std::string(key), std::string(value));
  return labels;
}

Labels without(Labels labels, std::string_view key) {
  if (const auto found = labels.find(key); found != labels.end()) labels.erase(found);
  return labels;
}

std::string next_colour(std::string_view colour) { return colour == "green" ? "blue" : "green"; }

}  // namespace baton::rollout
