// Plain values.
#include "common/config/codec.h"

#include <charconv>

#include "common/core/text.h"

namespace baton::config {
namespace {

using Kind = YamlNode::Kind;

const std::string& scalar(const Source& source, const YamlNode& node, std::string_view expected) {
  if (node.kind != Kind::scalar) source.fail(node, "expected " + std::string(expected));
  return node.text;
}

Json type(std::string_view name) { return Json::object({{"type", name}}); }

Json pattern(std::string_view expression) { return Json::object({{"type", "string"}, {"pattern", expression}}); }

template <typename Number>
Number number(const Source& source, const YamlNode& node, std::string_view expected) {
  const std::string& text = scalar(source, node, expected);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (node.quoted || error != std::errc{} || end != text.data() + text.size()) {
    source.fail(node, "expected " + std::string(expected) + ", found '" + printable(text, 60) + "'");
  }
  return value;
}

constexpr std::string_view kDurationPattern = "^([0-9]+(ms|s|m|h|d))+$";

}  // namespace

std::string Codec<std::string>::read(const Source& source, const YamlNode& node) { return scalar(source, node, "a text"); }
std::string Codec<std::string>::show(const std::string& value) { return value; }
Json Codec<std::string>::schema() { return type("string"); }

bool Codec<bool>::read(const Source& source, const YamlNode& node) {
  const std::string& text = scalar(source, node, "true or false");
  if (text != "true" && text != "false") source.fail(node, "expected true or false, found '" + printable(text, 60) + "'");
  return text == "true";
}
std::string Codec<bool>::show(const bool& value) { return value ? "true" : "false"; }
Json Codec<bool>::schema() { return type("boolean"); }

int Codec<int>::read(const Source& source, const YamlNode& node) { return number<int>(source, node, "a whole number"); }
std::string Codec<int>::show(const int& value) { return std::to_string(value); }
Json Codec<int>::schema() { return type("integer"); }

double Codec<double>::read(const Source& source, const YamlNode& node) { return number<double>(source, node, "a number"); }
std::string Codec<double>::show(const double& value) { return number_text(value, 6); }
Json Codec<double>::schema() { return type("number"); }

Duration Codec<Duration>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_duration(scalar(source, node, "a duration such as 5m"));
  if (!value) source.fail(node, "expected a duration such as 5m, found '" + printable(node.text, 60) + "'");
  return *value;
}
std::string Codec<Duration>::show(const Duration& value) { return to_text(value); }
Json Codec<Duration>::schema() { return pattern(kDurationPattern); }

std::optional<Duration> Codec<std::optional<Duration>>::read(const Source& source, const YamlNode& node) {
  return Codec<Duration>::read(source, node);
}
std::string Codec<std::optional<Duration>>::show(const std::optional<Duration>& value) { return value ? to_text(*value) : ""; }
Json Codec<std::optional<Duration>>::schema() { return pattern(kDurationPattern); }

std::optional<Limit> Codec<std::optional<Limit>>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_limit(scalar(source, node, "a limit such as +1pp, +20% or 95%"));
  if (!value) source.fail(node, "expected a limit such as +1pp, +20% or 95%, found '" + printable(node.text, 60) + "'");
  return value;
}
std::string Codec<std::optional<Limit>>::show(const std::optional<Limit>& value) { return value ? to_text(*value) : ""; }
Json Codec<std::optional<Limit>>::schema() { return pattern("^(\\+[0-9.]+(pp|%)|[0-9.]+%)$"); }

std::vector<std::string> Codec<std::vector<std::string>>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::sequence) source.fail(node, "expected a list of texts");
  std::vector<std::string> values;
  for (const auto& item : node.items) values.push_back(scalar(source, item, "a text"));
  return values;
}
std::string Codec<std::vector<std::string>>::show(const std::vector<std::string>& value) { return "[" + join(value, ", ") + "]"; }
Json Codec<std::vector<std::string>>::schema() { return Json::object({{"type", "array"}, {"items", type("string")}}); }

TextMap Codec<TextMap>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping) source.fail(node, "expected a mapping of names to texts");
  TextMap values;
  for (const auto& member : node.members) values[member.key] = scalar(source, member.value, "a text");
  return values;
}
std::string Codec<TextMap>::show(const TextMap& value) {
  std::vector<std::string> pieces;
  for (const auto& [key, text] : value) pieces.push_back(key + ": " + text);
  return "{" + join(pieces, ", ") + "}";
}
Json Codec<TextMap>::schema() { return Json::object({{"type", "object"}, {"additionalProperties", type("string")}}); }

ReportList Codec<ReportList>::read(const Source& source, const YamlNode& node) {
  ReportList reports;
  for (const auto& entry : Codec<std::vector<std::string>>::read(source, node)) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size()) {
      source.fail(node, "expected FORMAT=PATH, found '" + printable(entry, 60) + "'");
    }
    reports.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return reports;
}
std::string Codec<ReportList>::show(const ReportList& value) {
  std::vector<std::string> pieces;
  for (const auto& [format, path] : value) pieces.push_back(format + "=" + path);
  return "[" + join(pieces, ", ") + "]";
}
Json Codec<ReportList>::schema() { return Json::object({{"type", "array"}, {"items", pattern("^(markdown|json|junit)=.+$")}}); }

}  // namespace baton::config
