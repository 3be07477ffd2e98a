// Looks at every scalar of a value.
#include "common/config/placeholders.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::config {
namespace {

constexpr auto kNames = std::to_array<std::string_view>(
    {"app", "namespace", "colour", "version", "semver", "deployment", "pods", "window", "step"});

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void check_text(const Source& source, const YamlNode& node, std::span<const std::string_view> filled_here) {
  fill_placeholders(node.text, [&](std::string_view name) -> std::optional<std::string> {
    const std::string shown = "'{{" + printable(name, 60) + "}}'";
    if (!has(kNames, name)) {
      const std::vector<std::string> names(kNames.begin(), kNames.end());
      source.fail(node, "unknown placeholder " + shown, "Use one of: " + join(names, ", ") + ".");
    }
    if (!has(filled_here, name)) {
      source.fail(node, "the placeholder " + shown + " is not available here in this version", "Write the value out.");
    }
    return std::string{};
  });
}

}  // namespace

std::span<const std::string_view> placeholder_names() { return kNames; }

void forbid_placeholders(Json& schema, std::span<const std::string_view> filled_here) {
  if (schema.is_array()) {
    for (auto& item : schema.items()) forbid_placeholders(item, filled_here);
  }
  if (!schema.is_object()) return;
  for (auto& [keyword, value] : schema.members()) forbid_placeholders(value, filled_here);
  const Json& type = std::as_const(schema)["type"];
  const bool is_text = type == Json("string") || (type.is_array() && type.items().front() == Json("string"));
  if (!is_text) return;
  const std::vector<std::string> names(filled_here.begin(), filled_here.end());
  const std::string others = names.empty() ? "" : "(?!\\s*(" + join(names, "|") + ")\\s*\\}\\})";
  schema["not"] = Json::object({{"type", "string"}, {"pattern", "\\{\\{" + others + ".*?\\}\\}"}});
}

void check_placeholders(const Source& source, const YamlNode& node, std::span<const std::string_view> filled_here) {
  check_text(source, node, filled_here);
  for (const auto& item : node.items) check_placeholders(source, item, filled_here);
  for (const auto& member : node.members) check_placeholders(source, member.value, filled_here);
}

}  // namespace baton::config
