// Reads what Prometheus answers, strictly: a value that cannot be read is an error, never a zero. Long ranges are
// millions of samples: they are taken as they are read, without a document in between.
#include "common/clients/prometheus/answer.h"

#include <fmt/format.h>
#ifdef __SSE2__  // what every x86 of 64 bits has; elsewhere the same, slower
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "common/clients/prometheus/client.h"
#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::prometheus {
namespace {

constexpr std::string_view kNote = "PromQL info:";  // some stores send what is no warning among them
constexpr double kLatestSecond = 1e11;              // the year 5138: far from overflow in milliseconds
constexpr std::size_t kDeepest = 100;
constexpr std::size_t kAtOnce = 16;  // bytes that RapidJSON reads at once; the last may begin on the last byte

struct SpelledValue {
  std::string_view text;
  double value;
};
constexpr std::array kSpelledValues{SpelledValue{"NaN", std::numeric_limits<double>::quiet_NaN()},
                                    SpelledValue{"+Inf", std::numeric_limits<double>::infinity()},
                                    SpelledValue{"-Inf", -std::numeric_limits<double>::infinity()}};

Error malformed(std::string_view cause) { return {ExitCode::unknown, std::string(cause)}; }

Error of_another_api(std::string_view name) {
  return {ExitCode::unknown, fmt::format("what {} answered is not of the Prometheus API", name)};
}

Error refusal(std::string_view name, std::string_view type, std::string_view reason) {
  return {ExitCode::unknown, fmt::format("{} refused: {}: {}", name, printable(type, 80), printable(reason, 500))};
}

double parse_value(std::string_view text) {
  double value = 0;  // from_chars takes "inf" and "nan", which the API never spells so
  const char* end = text.data() + text.size();
  const auto [stopped_at, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stopped_at == end && std::isfinite(value)) return value;
  const auto spelled = std::ranges::find(kSpelledValues, text, &SpelledValue::text);
  if (spelled != kSpelledValues.end()) return spelled->value;
  throw malformed(fmt::format("the value '{}' is no number", printable(text, 40)));
}

Time parse_time(std::string_view number) {
  const double seconds = parse_value(number);
  if (std::abs(seconds) > kLatestSecond) throw malformed("a sample's time is out of range");
  return Time(Duration(std::llround(seconds * 1000)));
}

/// The object or array that is open.
enum class In : std::uint8_t { document, answer, warnings, data, result, series, labels, samples, sample, elsewhere };

struct Opening {
  In in;
  std::string_view key;  ///< of a member; empty: an item
  In opens;
  bool is_object = false;
};
constexpr std::array kOpenings = {Opening{In::samples, "", In::sample},
                                  Opening{In::result, "", In::series, true},
                                  Opening{In::series, "metric", In::labels, true},
                                  Opening{In::series, "values", In::samples},
                                  Opening{In::series, "value", In::sample},
                                  Opening{In::document, "", In::answer, true},
                                  Opening{In::answer, "data", In::data, true},
                                  Opening{In::answer, "warnings", In::warnings},
                                  Opening{In::data, "result", In::result}};

/// Takes what the parser meets. Throws malformed() on what is no answer.
class Answering : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Answering> {
 public:
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_.assign(text, size);
    if (in() == In::series && (key_ == "histogram" || key_ == "histograms"))
      throw malformed("a native histogram came where numbers are expected");
    return true;
  }
  bool StartObject() { return open(true); }
  bool StartArray() { return open(false); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool);
  bool String(const char* text, rapidjson::SizeType size, bool);
  bool Bool(bool value) {
    if (in() == In::answer && key_ == "isPartial") is_partial_ = value;
    return scalar();
  }
  bool Null() { return scalar(true); }

  const std::string& status() const { return status_; }
  const std::string& error_type() const { return error_type_; }
  const std::string& error() const { return error_; }
  Answer finish();

 private:
  In in() const { return open_.back(); }
  In what_opens(bool is_object) const;
  bool open(bool is_object);
  bool close();
  void close_sample();
  /// What neither an object nor an array is; where one of them is expected nothing but null may stand.
  bool scalar(bool is_null = false) const;

  std::vector<In> open_ = {In::document};
  std::string key_ = {};
  std::string status_ = {};
  std::string error_type_ = "error";
  std::string error_ = "it gave no reason";
  std::string result_type_ = {};
  bool is_partial_ = false;
  bool has_result_ = false;
  bool has_samples_ = false;            ///< the series that is open
  bool has_labels_ = false;             ///< the series that is open
  std::vector<std::string> pair_ = {};  ///< time and value of the result itself, which is a scalar then
  Sample sample_ = {};
  int parts_ = 0;  ///< of the sample that is open
  Answer answer_ = {};
};

In Answering::what_opens(bool is_object) const {
  const In now = in();
  const bool is_item = now == In::document || now == In::warnings || now == In::result || now == In::samples;
  const auto key = is_item ? std::string_view() : std::string_view(key_);
  const auto row =
      std::ranges::find_if(kOpenings, [&](const Opening& opening) { return opening.in == now && opening.key == key; });
  const bool is_known = row != kOpenings.end();
  const bool takes_none = now == In::labels || now == In::sample || now == In::warnings;
  if (now == In::document && !is_object) throw malformed("it is not of the Prometheus API");
  if (takes_none || (is_known && row->is_object != is_object))
    throw malformed("objects and arrays stand elsewhere in it");
  return is_known ? row->opens : In::elsewhere;
}

bool Answering::open(bool is_object) {
  if (open_.size() > kDeepest) throw malformed(fmt::format("it is more than {} levels deep", kDeepest));
  open_.push_back(what_opens(is_object));
  if (in() == In::series) {
    answer_.series.emplace_back();
    has_labels_ = has_samples_ = false;
  }
  has_labels_ |= in() == In::labels;
  has_samples_ |= in() == In::samples || in() == In::sample;
  if (in() == In::sample) parts_ = 0;
  if (in() == In::result && std::exchange(has_result_, true)) throw malformed("it has two results");
  return true;
}

bool Answering::close() {
  const In closed = in();
  open_.pop_back();
  if (closed == In::sample) close_sample();
  const bool is_whole = closed != In::series || (has_labels_ && has_samples_);
  if (!is_whole) throw malformed("a series has no labels or no samples");
  return true;
}

void Answering::close_sample() {
  if (parts_ != 2) throw malformed("a sample is not a pair of time and value");
  auto& samples = answer_.series.back().samples;
  const bool is_later = samples.empty() || samples.back().time < sample_.time;
  if (!is_later) throw malformed("the samples are not in order of time");
  samples.push_back(sample_);
}

bool Answering::RawNumber(const char* text, rapidjson::SizeType size, bool) {
  if (in() == In::sample) {
    if (parts_++ != 0) throw malformed("a sample is not a pair of time and value");
    sample_.time = parse_time({text, size});
    return true;
  }
  if (in() != In::result) return scalar();
  pair_.emplace_back(text, size);
  return true;
}

bool Answering::String(const char* text, rapidjson::SizeType size, bool) {
  const std::string_view value(text, size);
  switch (in()) {
    case In::sample:
      if (parts_++ != 1) throw malformed("a sample is not a pair of time and value");
      sample_.value = parse_value(value);
      return true;
    case In::labels:
      if (!answer_.series.back().labels.emplace(key_, value).second) throw malformed("a label came twice");
      return true;
    case In::warnings:
      if (!value.starts_with(kNote)) answer_.warnings.emplace_back(value);
      return true;
    case In::answer:
      if (key_ == "status") status_ = value;
      if (key_ == "errorType") error_type_ = value;
      if (key_ == "error") error_ = value;
      return scalar();
    case In::data:
      if (key_ == "resultType") result_type_ = value;
      return scalar();
    case In::result:
      pair_.emplace_back(value);
      return true;
    default:
      return scalar();
  }
}

bool Answering::scalar(bool is_null) const {
  const auto row = std::ranges::find_if(kOpenings, [&](const Opening& opening) {
    return opening.in == in() && !opening.key.empty() && opening.key == key_;
  });
  const bool takes_any = in() == In::answer || in() == In::data || in() == In::series || in() == In::elsewhere;
  if ((row != kOpenings.end() && !is_null) || !takes_any)
    throw malformed("a single value stands where it has objects or arrays, or a text");
  return true;
}

Answer Answering::finish() {
  const bool is_scalar = result_type_ == "scalar";
  if (!is_scalar && result_type_ != "vector" && result_type_ != "matrix")
    throw malformed(fmt::format("the result is a '{}', not numbers", printable(result_type_, 40)));
  if (pair_.size() != (is_scalar ? 2 : 0)) throw malformed("a sample is not a pair of time and value");
  if (is_scalar) answer_.series.push_back({.samples = {{parse_time(pair_[0]), parse_value(pair_[1])}}});
  if (is_partial_) answer_.warnings.emplace_back("it says of its answer: isPartial");
  return std::move(answer_);
}

/// Texts are decoded in place.
void read(std::string& body, Answering& into) {
  if (!is_utf8(body)) throw malformed("it is not UTF-8");
  const std::size_t size = body.size();
  body.append(kAtOnce, '\0');
  rapidjson::InsituStringStream stream(body.data());
  rapidjson::Reader reader;
  constexpr unsigned kStrict = rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag;
  const auto result = reader.Parse<kStrict>(stream, into);
  if (result.IsError())
    throw malformed(fmt::format("byte {}: {}", result.Offset(), rapidjson::GetParseError_En(result.Code())));
  if (stream.Tell() != size) throw malformed("something follows behind it");
}

}  // namespace

Json parse_envelope(std::string_view body, std::string_view name) {
  Json answer = parse_json(body, fmt::format("answer of {}", name));
  const Json& status = std::as_const(answer)["status"];
  if (status == Json("error")) {
    throw refusal(name, answer["errorType"].string_or("error"), answer["error"].string_or("it gave no reason"));
  }
  if (status != Json("success")) throw of_another_api(name);
  return answer;
}

Answer parse_answer(std::string body, std::string_view name) {
  const auto explained = [&](const auto& take) {
    try {
      return take();
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("cannot read the answer of {}: {}", name, error.what()));
    }
  };
  Answering answering;
  explained([&] { read(body, answering); });
  if (answering.status() == "error") throw refusal(name, answering.error_type(), answering.error());
  if (answering.status() != "success") throw of_another_api(name);
  return explained([&] { return answering.finish(); });
}

}  // namespace baton::prometheus
