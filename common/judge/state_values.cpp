// Writes and reads the values of a state.
#include "common/judge/state_values.h"

#include <charconv>

#include "common/core/error.h"
#include "common/core/number.h"
#include "common/core/printable.h"

namespace baton::judge {
namespace {

Error no(std::string_view kind, const std::string& text) {
  return Error(ExitCode::handoff,
               "the state of a step holds '" + printable(text, 40) + "', which is no " + std::string(kind));
}

}  // namespace

Json decimal(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

double decimal_from(const Json& json) {
  const auto value = parse_decimal(json.string());
  if (!value) throw no("decimal number", json.string());
  return *value;
}

std::optional<double> optional_decimal_from(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(decimal_from(json));
}

Time time_from(const Json& json) {
  const auto time = parse_rfc3339(json.string());
  if (!time) throw no("time", json.string());
  return *time;
}

std::vector<std::string> texts_from(const Json& list) {
  std::vector<std::string> texts;
  for (const auto& text : list.items_or_none()) texts.push_back(text.string());
  return texts;
}

}  // namespace baton::judge
