// Plain values.
#include "common/config/codec.h"

#include <charconv>
#include <cmath>

#include "common/core/redact.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

const std::string& scalar(const Source& source, const YamlNode& node, const std::string& expected) {
  if (node.kind != Kind::scalar) source.expected(node, expected);
  return node.text;
}

Json type(std::string_view name) { return Json::object({{"type", name}}); }

Json pattern(std::string_view expression) { return Json::object({{"type", "string"}, {"pattern", expression}}); }

template <typename Number>
Number number(const Source& source, const YamlNode& node, const std::string& expected) {
  const std::string& text = scalar(source, node, expected);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (source.is_text(node) || error != std::errc{} || end != text.data() + text.size()) source.expected(node, expected);
  return value;
}

constexpr std::string_view kDurationPattern = "^([0-9]+(ms|s|m|h|d))+$";
const std::string kDurationText = "a duration such as 5m";
const std::string kLimitText = "a limit such as +1pp, +20% or 95%";

}  // namespace

Json or_filled(Json schema) {
  return Json::object({{"anyOf", Json::array({std::move(schema), pattern(R"(\$\{.+\})")})}});
}

std::string Codec<std::string>::read(const Source& source, const YamlNode& node) {
  return scalar(source, node, "a text");
}
std::string Codec<std::string>::show(const std::string& value) { return value; }
Json Codec<std::string>::schema() { return type("string"); }

bool Codec<bool>::read(const Source& source, const YamlNode& node) {
  const std::string& text = scalar(source, node, "true or false");
  if (source.is_text(node) || (text != "true" && text != "false")) source.expected(node, "true or false");
  return text == "true";
}
std::string Codec<bool>::show(const bool& value) { return value ? "true" : "false"; }
Json Codec<bool>::schema() { return or_filled(type("boolean")); }

int Codec<int>::read(const Source& source, const YamlNode& node) { return number<int>(source, node, "a whole number"); }
std::string Codec<int>::show(const int& value) { return std::to_string(value); }
Json Codec<int>::schema() { return or_filled(type("integer")); }

double Codec<double>::read(const Source& source, const YamlNode& node) {
  const auto value = number<double>(source, node, "a number");
  if (!std::isfinite(value)) source.expected(node, "a number");
  return value;
}
std::string Codec<double>::show(const double& value) { return number_text(value, 6); }
Json Codec<double>::schema() { return or_filled(type("number")); }

Duration Codec<Duration>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_duration(scalar(source, node, kDurationText));
  if (!value) source.expected(node, kDurationText);
  return *value;
}
std::string Codec<Duration>::show(const Duration& value) { return to_text(value); }
Json Codec<Duration>::schema() { return or_filled(pattern(kDurationPattern)); }

std::optional<Duration> Codec<std::optional<Duration>>::read(const Source& source, const YamlNode& node) {
  return Codec<Duration>::read(source, node);
}
std::string Codec<std::optional<Duration>>::show(const std::optional<Duration>& value) {
  return value ? to_text(*value) : "";
}
Json Codec<std::optional<Duration>>::schema() { return Codec<Duration>::schema(); }

std::optional<Limit> Codec<std::optional<Limit>>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_limit(scalar(source, node, kLimitText));
  if (!value) source.expected(node, kLimitText);
  return value;
}
std::string Codec<std::optional<Limit>>::show(const std::optional<Limit>& value) {
  return value ? to_text(*value) : "";
}
Json Codec<std::optional<Limit>>::schema() { return or_filled(pattern(R"(^(\+[0-9.]+(pp|%)|[0-9.]+%)$)")); }

std::vector<std::string> Codec<std::vector<std::string>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.expected(node, "a list of texts");
  std::vector<std::string> values;
  for (const auto& item : node.items) values.push_back(scalar(source, item, "a text"));
  return values;
}
std::string Codec<std::vector<std::string>>::show(const std::vector<std::string>& value) {
  return list_text(value, [](const std::string& piece) { return redact(piece); });
}
Json Codec<std::vector<std::string>>::schema() { return Json::object({{"type", "array"}, {"items", type("string")}}); }

TextMap Codec<TextMap>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping) source.expected(node, "a mapping of names to texts");
  TextMap values;
  for (const auto& member : node.members) values[member.key] = scalar(source, member.value, "a text");
  return values;
}
std::string Codec<TextMap>::show(const TextMap& value) {
  return list_text(value, [](const auto& entry) { return entry.first + ": " + entry.second; });
}
Json Codec<TextMap>::schema() { return Json::object({{"type", "object"}, {"additionalProperties", type("string")}}); }

ReportList Codec<ReportList>::read(const Source& source, const YamlNode& node) {
  ReportList reports;
  for (const auto& entry : Codec<std::vector<std::string>>::read(source, node)) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size()) {
      source.fail(node, "expected FORMAT=PATH in every entry");
    }
    reports.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return reports;
}
std::string Codec<ReportList>::show(const ReportList& value) {
  return list_text(value, [](const auto& report) { return report.first + "=" + report.second; });
}
Json Codec<ReportList>::schema() {
  return Json::object({{"type", "array"}, {"items", pattern("^(markdown|json|junit)=.+$")}});
}

}  // namespace baton::config
