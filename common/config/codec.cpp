// Plain values.
#include "common/config/codec.h"

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

/// What the scalar is by YAML's own schema; quotes around a ${…} alone make no text of it.
Json plain_value(const Source& source, const YamlNode& node, const std::string& expected) {
  scalar(source, node, expected);
  YamlNode plain = node;
  plain.quoted = source.is_text(node);
  return to_json(plain);
}

constexpr std::string_view kDurationForm = "duration: d, h, m, s, ms";
constexpr std::string_view kDurationPattern = "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";
constexpr std::string_view kLimitPattern = R"(^(\+([0-9]+\.?[0-9]*|\.[0-9]+)(pp|%)|([0-9]+\.?[0-9]*|\.[0-9]+)%)$)";
const std::string kDurationText = "a duration such as 5m";
const std::string kPercentText = "a percentage from 0% to 100%";
const std::string kSizeText = "a size over 0B, such as 500MB";
const std::string kLimitText = "a limit such as +1pp, +20% or 95%";

}  // namespace

Json or_filled(Json schema) {
  return Json::object({{"anyOf", Json::array({std::move(schema), pattern_schema(R"(\$\{.+\})")})}});
}

Json text_schema() { return Json::object({{"type", Json::array({"string", "number", "boolean"})}}); }

Json titled(Json schema, std::string_view form) {
  schema["title"] = form;
  return schema;
}

Json pattern_schema(std::string_view expression) { return Json::object({{"type", "string"}, {"pattern", expression}}); }

Json positive_duration() {
  constexpr std::string_view kPattern = "^(?=.*[1-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";
  return titled(or_filled(pattern_schema(kPattern)), kDurationForm);
}

std::string Codec<std::string>::read(const Source& source, const YamlNode& node) {
  return scalar(source, node, "a text");
}
Json Codec<std::string>::show(const std::string& value) { return value; }
Json Codec<std::string>::schema() { return titled(text_schema(), "text"); }

bool Codec<bool>::read(const Source& source, const YamlNode& node) {
  const Json value = plain_value(source, node, "true or false");
  if (!value.is_bool()) source.expected(node, "true or false");
  return value.boolean();
}
Json Codec<bool>::show(const bool& value) { return value; }
Json Codec<bool>::schema() { return titled(or_filled(type("boolean")), "true or false"); }

int Codec<int>::read(const Source& source, const YamlNode& node) {
  const Json value = plain_value(source, node, "a whole number");
  const double number = value.is_number() ? value.number() : NAN;
  constexpr double kMost = 2'000'000'000;
  if (std::isnan(number) || std::abs(number) > kMost || number != std::floor(number))
    source.expected(node, "a whole number");
  return static_cast<int>(number);
}
Json Codec<int>::show(const int& value) { return value; }
Json Codec<int>::schema() { return titled(or_filled(type("integer")), "whole number"); }

double Codec<double>::read(const Source& source, const YamlNode& node) {
  const Json value = plain_value(source, node, "a number");
  if (!value.is_number()) source.expected(node, "a number");
  return value.number();
}
Json Codec<double>::show(const double& value) {
  return value == std::floor(value) && std::abs(value) < 1e9 ? Json(static_cast<std::int64_t>(value)) : Json(value);
}
Json Codec<double>::schema() { return titled(or_filled(type("number")), "number"); }

Duration Codec<Duration>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_duration(scalar(source, node, kDurationText));
  if (!value) source.expected(node, kDurationText);
  return *value;
}
Json Codec<Duration>::show(const Duration& value) { return to_text(value); }
Json Codec<Duration>::schema() { return titled(or_filled(pattern_schema(kDurationPattern)), kDurationForm); }

std::optional<Duration> Codec<std::optional<Duration>>::read(const Source& source, const YamlNode& node) {
  return Codec<Duration>::read(source, node);
}
Json Codec<std::optional<Duration>>::show(const std::optional<Duration>& value) {
  return value ? Json(to_text(*value)) : Json();
}
Json Codec<std::optional<Duration>>::schema() { return Codec<Duration>::schema(); }

std::optional<Limit> Codec<std::optional<Limit>>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_limit(scalar(source, node, kLimitText));
  if (!value) source.expected(node, kLimitText);
  return value;
}
Json Codec<std::optional<Limit>>::show(const std::optional<Limit>& value) {
  return value ? Json(to_text(*value)) : Json();
}
Json Codec<std::optional<Limit>>::schema() {
  return titled(or_filled(pattern_schema(kLimitPattern)), "limit: 95%, or over the baseline +1pp or +20%");
}

Percent Codec<Percent>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_percent(scalar(source, node, kPercentText));
  if (!value || *value > 100) source.expected(node, kPercentText);
  return {*value};
}
Json Codec<Percent>::show(const Percent& value) { return number_text(value.value) + "%"; }
Json Codec<Percent>::schema() {
  return titled(or_filled(pattern_schema(R"(^(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?|\.[0-9]+)%$)")), "percentage: 70%");
}

Size Codec<Size>::read(const Source& source, const YamlNode& node) {
  const auto value = parse_size(scalar(source, node, kSizeText));
  if (!value || *value == 0) source.expected(node, kSizeText);
  return {*value};
}
Json Codec<Size>::show(const Size& value) { return std::to_string(value.bytes) + "B"; }
Json Codec<Size>::schema() {
  return titled(or_filled(pattern_schema(R"(^(?=.*[1-9])[0-9]+(\.[0-9]+)?([kKMGT]i?)?B$)")), "size: 500MB, 2GiB");
}

std::vector<std::string> Codec<std::vector<std::string>>::read(const Source& source, const YamlNode& node) {
  std::vector<std::string> values;
  source.each(node, "a list of texts", [&](const YamlNode& item) { values.push_back(scalar(source, item, "a text")); });
  return values;
}
Json Codec<std::vector<std::string>>::show(const std::vector<std::string>& value) {
  return json_list(value, [](const std::string& piece) { return redact(piece); });
}
Json Codec<std::vector<std::string>>::schema() {
  return titled(Json::object({{"type", "array"}, {"items", text_schema()}}), "list of texts");
}

TextMap Codec<TextMap>::read(const Source& source, const YamlNode& node) {
  if (node.kind != Kind::mapping) source.expected(node, "a mapping of names to texts");
  TextMap values;
  for (const auto& member : node.members) values[member.key] = scalar(source, member.value, "a text");
  return values;
}
Json Codec<TextMap>::show(const TextMap& value) {
  Json members = Json::object();
  for (const auto& [name, text] : value) members[name] = text;
  return members;
}
Json Codec<TextMap>::schema() {
  return Json::object(
      {{"title", "mapping of names to texts"}, {"type", "object"}, {"additionalProperties", text_schema()}});
}

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
Json Codec<ReportList>::show(const ReportList& value) {
  return json_list(value, [](const auto& report) { return Json(report.first + "=" + report.second); });
}
Json Codec<ReportList>::schema() {
  return Json::object({{"title", "list of FORMAT=PATH"},
                       {"type", "array"},
                       {"items", pattern_schema(R"(^(markdown|json|junit)=.+$|\$\{.+\})")}});
}

}  // namespace baton::config
