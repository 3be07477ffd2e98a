// Reads what Prometheus answers, strictly: a value that cannot be read is an error, never a zero.
#include "common/clients/prometheus/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "common/clients/prometheus/client.h"
#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::prometheus {
namespace {

constexpr std::string_view kNote = "PromQL info:";  // some stores send what is no warning among them
constexpr double kLatestSecond = 1e11;              // the year 5138: far from overflow in milliseconds

struct SpelledValue {
  std::string_view text;
  double value;
};
constexpr std::array kSpelledValues{SpelledValue{"NaN", std::numeric_limits<double>::quiet_NaN()},
                                    SpelledValue{"+Inf", std::numeric_limits<double>::infinity()},
                                    SpelledValue{"-Inf", -std::numeric_limits<double>::infinity()}};

Error malformed(std::string_view cause) { return {ExitCode::unknown, std::string(cause)}; }

double parse_value(const std::string& text) {
  const auto spelled = std::ranges::find(kSpelledValues, text, &SpelledValue::text);
  if (spelled != kSpelledValues.end()) return spelled->value;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped_at != end || !std::isfinite(value)) {
    throw malformed(fmt::format("the value '{}' is no number", printable(text, 40)));
  }
  return value;
}

Sample parse_sample(const Json& pair) {
  if (pair.items().size() != 2) throw malformed("a sample is not a pair of time and value");
  const double seconds = pair.items()[0].number();
  if (std::abs(seconds) > kLatestSecond) throw malformed("a sample's time is out of range");
  return {.time = Time(Duration(std::llround(seconds * 1000))), .value = parse_value(pair.items()[1].string())};
}

std::map<std::string, std::string> parse_labels(const Json& metric) {
  std::map<std::string, std::string> labels;
  for (const auto& [name, value] : metric.members()) labels[name] = value.string();
  return labels;
}

void refuse_histograms(const Json& series) {
  const bool has_histograms = series.find("histogram") != nullptr || series.find("histograms") != nullptr;
  if (has_histograms) throw malformed("a native histogram came where numbers are expected");
}

Series parse_vector_element(const Json& element) {
  refuse_histograms(element);
  return {.labels = parse_labels(element["metric"]), .samples = {parse_sample(element["value"])}};
}

Series parse_matrix_element(const Json& element) {
  refuse_histograms(element);
  Series series{.labels = parse_labels(element["metric"]), .samples = {}};
  for (const Json& pair : element["values"].items()) {
    const Sample sample = parse_sample(pair);
    const bool is_later = series.samples.empty() || series.samples.back().time < sample.time;
    if (!is_later) throw malformed("the samples are not in order of time");
    series.samples.push_back(sample);
  }
  return series;
}

std::vector<Series> parse_result(const Json& data) {
  const std::string& type = data["resultType"].string();
  const Json& result = data["result"];
  if (type == "scalar") return {Series{.labels = {}, .samples = {parse_sample(result)}}};
  if (type != "vector" && type != "matrix") {
    throw malformed(fmt::format("the result is a '{}', not numbers", printable(type, 40)));
  }
  std::vector<Series> series;
  for (const Json& element : result.items()) {
    series.push_back(type == "vector" ? parse_vector_element(element) : parse_matrix_element(element));
  }
  return series;
}

Error error_answer(const Json& answer, std::string_view name) {
  return {ExitCode::unknown,
          fmt::format("{} refused: {}: {}", name, printable(answer["errorType"].string_or("error"), 80),
                      printable(answer["error"].string_or("it gave no reason"), 500))};
}

}  // namespace

Json parse_envelope(std::string_view body, std::string_view name) {
  Json answer = parse_json(body, fmt::format("answer of {}", name));
  const Json& status = std::as_const(answer)["status"];
  if (status == Json("error")) throw error_answer(answer, name);
  if (status != Json("success")) {
    throw Error(ExitCode::unknown, fmt::format("what {} answered is not of the Prometheus API", name));
  }
  return answer;
}

Answer parse_answer(std::string_view body, std::string_view name) {
  const Json envelope = parse_envelope(body, name);
  try {
    Answer answer{.series = parse_result(envelope["data"]), .warnings = {}};
    for (const Json& warning : envelope["warnings"].items_or_none()) {
      if (!warning.string().starts_with(kNote)) answer.warnings.push_back(warning.string());
    }
    if (envelope["isPartial"].boolean_or(false)) answer.warnings.emplace_back("it says of its answer: isPartial");
    return answer;
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("cannot read the answer of {}: {}", name, error.what()));
  }
}

}  // namespace baton::prometheus
