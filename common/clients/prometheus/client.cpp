// Asks Prometheus, in pieces it accepts, and in the way its proxies accept.
#include "common/clients/prometheus/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/prometheus/answer.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/redact.h"
#include "common/core/secrets.h"
#include "common/core/text.h"

namespace baton::prometheus {
namespace {

constexpr std::int64_t kMaxPoints = 11'000;  // a series and request; Prometheus refuses more

Error not_prometheus(std::string_view name, const HttpResponse& answer) {
  std::string hint = "Correct metrics.prometheus: it is the server's URL without /api/v1.";
  if (answer.status == 401 || answer.status == 403)
    hint = "Set metrics.prometheus to {url, token} or correct the token.";
  return {ExitCode::unknown,
          fmt::format("{} answered {}: '{}'", name, answer.status, printable(trim(answer.body), 200)), std::move(hint)};
}

bool is_refused_method(const HttpResponse& answer) { return answer.status == 405 || answer.status == 501; }

/// Errors of Prometheus's own come as JSON with a status of their own; all else is from something in between.
bool is_json(const HttpResponse& answer) {
  return starts_with_icase(answer.header("Content-Type"), "application/json");
}

/// The answers of several stretches, oldest first, put together series by series.
class Assembly {
 public:
  void add(Answer part, std::string_view name) {
    for (Series& series : part.series) {
      const auto [place, is_new] = places_.try_emplace(series.labels, whole_.series.size());
      if (is_new) {
        whole_.series.push_back(std::move(series));
      } else {
        append(whole_.series[place->second].samples, series.samples, name);
      }
    }
    for (const std::string& warning : part.warnings) {
      if (std::ranges::find(whole_.warnings, warning) == whole_.warnings.end()) whole_.warnings.push_back(warning);
    }
  }
  Answer finish() { return std::move(whole_); }

 private:
  static void append(std::vector<Sample>& begun, const std::vector<Sample>& more, std::string_view name) {
    const bool overlaps = !begun.empty() && !more.empty() && more.front().time <= begun.back().time;
    if (overlaps) throw Error(ExitCode::unknown, fmt::format("{} sent samples of another time than asked for", name));
    begun.insert(begun.end(), more.begin(), more.end());
  }

  Answer whole_ = {};
  std::map<std::map<std::string, std::string>, std::size_t> places_ = {};
};

std::string url_of(const Settings& settings, std::string_view path) {
  std::string url = settings.url;
  while (url.ends_with('/')) url.pop_back();
  return url.append(path);
}

}  // namespace

void require_whole(const Answer& answer) {
  if (!answer.warnings.empty())
    throw Error(ExitCode::unknown, "the metrics store answers partly: " + printable(answer.warnings.front(), 300));
}

Client::Client(Settings settings, HttpClient http) : settings_(std::move(settings)), http_(std::move(http)) {
  for (const auto& [name, value] : settings_.headers) keep_secret(value);
  if (!settings_.token.empty()) settings_.headers.emplace_back("Authorization", "Bearer " + settings_.token);
}

std::string Client::name() const { return fmt::format("Prometheus '{}'", redact(settings_.url)); }

HttpResponse Client::send(const HttpRequest& request, std::stop_token stop) {
  HttpResponse answer = http_.send(request, stop);
  if (!answer.is_success() && !is_json(answer) && !is_refused_method(answer)) throw not_prometheus(name(), answer);
  return answer;
}

std::string Client::ask(std::string_view path, const std::string& form, std::stop_token stop) {
  HttpRequest request{
      .method = "POST", .url = url_of(settings_, path), .headers = settings_.headers, .body = form, .retry = true};
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  HttpResponse answer = send(request, stop);
  if (!is_refused_method(answer)) return std::move(answer.body);
  // Read-only gateways let nothing but GET through.
  answer = send({.url = request.url + "?" + form, .headers = settings_.headers}, stop);
  if (is_refused_method(answer)) throw not_prometheus(name(), answer);
  return std::move(answer.body);
}

Answer Client::query(std::string_view expression, Time at, std::stop_token stop) {
  const std::string form = fmt::format("query={}&time={}", percent_encode(expression), to_unix_seconds(at));
  return parse_answer(ask("/api/v1/query", form, stop), name());
}

Answer Client::query_range(std::string_view expression, Time from, Time to, Duration step, std::stop_token stop) {
  if (step <= Duration::zero() || to < from) {
    throw Error(ExitCode::error, "a range query needs a step above 0 and an end that is not before its start");
  }
  Assembly whole;
  for (Time begin = from; begin <= to; begin += step * kMaxPoints) {
    const Time end = std::min(to, begin + step * (kMaxPoints - 1));
    const std::string form = fmt::format("query={}&start={}&end={}&step={}", percent_encode(expression),
                                         to_unix_seconds(begin), to_unix_seconds(end), to_unix_seconds(Time(step)));
    whole.add(parse_answer(ask("/api/v1/query_range", form, stop), name()), name());
  }
  return whole.finish();
}

Json Client::rules(std::stop_token stop) { return look("/api/v1/rules", stop); }

Json Client::alerts(std::stop_token stop) { return look("/api/v1/alerts", stop); }

Json Client::look(std::string_view path, std::stop_token stop) {
  const HttpResponse answer = send({.url = url_of(settings_, path), .headers = settings_.headers}, stop);
  if (is_refused_method(answer)) throw not_prometheus(name(), answer);
  return parse_envelope(answer.body, name())["data"];
}

}  // namespace baton::prometheus
