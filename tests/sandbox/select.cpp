// Selectors.
#include "tests/sandbox/select.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/core/text.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

struct Requirement {
  std::string key;
  bool is_positive = true;
  bool is_existence = false;
  std::vector<std::string> values = {};
};

bool fulfils(const Json& labels, const Requirement& wanted) {
  const auto* label = labels.find(wanted.key);
  if (wanted.is_existence) return (label != nullptr) == wanted.is_positive;
  const bool is_one = label != nullptr && std::ranges::find(wanted.values, label->string()) != wanted.values.end();
  return is_one == wanted.is_positive;
}

/// At commas outside of brackets.
std::vector<std::string> pieces_of(std::string_view selector) {
  std::vector<std::string> pieces(1);
  int depth = 0;
  for (const char c : selector) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  std::erase_if(pieces, [](const std::string& piece) { return trim(piece).empty(); });
  return pieces;
}

std::vector<std::string> values_in(std::string_view brackets) {
  const auto open = brackets.find('(');
  const auto close = brackets.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    throw bad_request("unable to parse requirement: found '" + std::string(brackets) + "', expected: '('");
  std::vector<std::string> values;
  for (const auto& value : split(brackets.substr(open + 1, close - open - 1), ',')) values.emplace_back(trim(value));
  return values;
}

struct Operator {
  std::string_view text;
  bool is_positive;
  bool is_set;
};
// Longer ones first: "!=" holds "=", " notin " holds " in ".
constexpr Operator kOperators[] = {
    {" notin ", false, true}, {" in ", true, true}, {"!=", false, false}, {"==", true, false}, {"=", true, false}};

Requirement requirement_in(std::string_view piece) {
  const auto text = trim(piece);
  for (const auto& op : kOperators) {
    const auto at = text.find(op.text);
    if (at == std::string_view::npos) continue;
    const auto rest = trim(text.substr(at + op.text.size()));
    return {.key = std::string(trim(text.substr(0, at))),
            .is_positive = op.is_positive,
            .values = op.is_set ? values_in(rest) : std::vector<std::string>{std::string(rest)}};
  }
  const bool is_absence = text.starts_with('!');
  return {.key = std::string(trim(text.substr(is_absence ? 1 : 0))), .is_positive = !is_absence, .is_existence = true};
}

bool has_fields(const Json& object, std::string_view fields) {
  return std::ranges::all_of(pieces_of(fields), [&](const std::string& piece) {
    const auto wanted = requirement_in(piece);
    if (wanted.is_existence) throw bad_request("invalid field selector: '" + piece + "'");
    const auto& found = at_path(object, wanted.key);
    const auto text = found.is_null() || found.is_string() ? found.string_or("") : to_text(found);
    return (text == wanted.values.front()) == wanted.is_positive;
  });
}

bool fulfils_expression(const Json& labels, const Json& expression) {
  const auto op = expression["operator"].string();
  Requirement wanted{.key = expression["key"].string()};
  wanted.is_positive = op == "In" || op == "Exists";
  wanted.is_existence = op == "Exists" || op == "DoesNotExist";
  for (const auto& value : expression["values"].items_or_none()) wanted.values.push_back(value.string());
  return fulfils(labels, wanted);
}

bool has_all(const Json& wanted, const Json& labels) {
  return std::ranges::all_of(wanted.members_or_none(), [&](const Json::Member& member) {
    const auto* label = labels.find(member.first);
    return label != nullptr && *label == member.second;
  });
}

}  // namespace

bool is_selected(const Json& object, const Filter& filter) {
  const auto& labels = object["metadata"]["labels"];
  return std::ranges::all_of(pieces_of(filter.labels),
                             [&](const std::string& piece) { return fulfils(labels, requirement_in(piece)); }) &&
         has_fields(object, filter.fields);
}

bool matches(const Json& label_selector, const Json& labels) {
  return has_all(label_selector["matchLabels"], labels) &&
         std::ranges::all_of(label_selector["matchExpressions"].items_or_none(),
                             [&](const Json& expression) { return fulfils_expression(labels, expression); });
}

bool matches_map(const Json& selector, const Json& labels) {
  return !selector.members_or_none().empty() && has_all(selector, labels);
}

}  // namespace baton::sandbox
