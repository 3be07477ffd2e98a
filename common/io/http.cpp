// The client: pool, deadline, retries, redirects.
#include "common/io/http.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <random>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/http_wire.h"
#include "common/io/proxy.h"

namespace baton {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(200);
constexpr std::size_t kKeptPerOrigin = 4;

bool is_idempotent(std::string_view method) {
  constexpr std::string_view kIdempotent[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(std::begin(kIdempotent), std::end(kIdempotent), method) != std::end(kIdempotent);
}

void check_headers(const HttpRequest& request) {
  constexpr std::string_view kForbidden("\r\n\0", 3);
  for (const auto& [name, value] : request.headers) {
    if (name.find_first_of(kForbidden) == std::string::npos && value.find_first_of(kForbidden) == std::string::npos)
      continue;
    throw Error(ExitCode::usage, "header '" + printable(name, 60) + "' holds a line end",
                "Remove it from the configured value.");
  }
}

std::string origin_key(const Url& url, const std::optional<Url>& proxy) {
  const std::string own = url.scheme + "://" + url.host + ":" + std::to_string(url.port);
  return proxy ? own + " by " + proxy->host + ":" + std::to_string(proxy->port) : own;
}

/// Between half and all of 200 ms, 400 ms, 800 ms …
Duration pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = kFirstPause.count() << std::min(attempt, 5);
  return Duration(std::uniform_int_distribution<Duration::rep>(longest / 2, longest)(random));
}

/// Seconds only: the HTTP date form is not sent by what we talk to.
std::optional<Duration> retry_after(const HttpResponse& response) {
  if (response.status != 429 && response.status != 503) return std::nullopt;
  const std::string text = response.header("Retry-After");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::string resolve_location(const Url& from, const std::string& location) {
  if (location.find("://") != std::string::npos) return location;
  const std::string host = from.host.find(':') == std::string::npos ? from.host : "[" + from.host + "]";
  const std::string origin = from.scheme + "://" + host + ":" + std::to_string(from.port);
  if (location.starts_with('/')) return origin + location;
  const auto path = from.path_and_query.substr(0, from.path_and_query.find('?'));
  return origin + path.substr(0, path.rfind('/') + 1) + location;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

std::string HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && starts_with_icase(key, name)) return value;
  }
  return {};
}

struct HttpClient::State {
  State(HttpSettings how, Environment where, Clock& when)
      : settings(std::move(how)), environment(std::move(where)), clock(when) {}

  HttpSettings settings;
  Environment environment;
  Clock& clock;
  std::mutex mutex;
  std::map<std::string, std::vector<std::unique_ptr<Wire>>> kept;

  std::unique_ptr<Wire> take_kept(const std::string& key);
  void keep(const std::string& key, std::unique_ptr<Wire> wire);
  std::optional<Url> proxy_of(const Url& url) const;
};

std::unique_ptr<Wire> HttpClient::State::take_kept(const std::string& key) {
  const std::lock_guard lock(mutex);
  auto& wires = kept[key];
  if (wires.empty()) return nullptr;
  auto wire = std::move(wires.back());
  wires.pop_back();
  return wire;
}

void HttpClient::State::keep(const std::string& key, std::unique_ptr<Wire> wire) {
  const std::lock_guard lock(mutex);
  auto& wires = kept[key];
  if (wires.size() < kKeptPerOrigin) wires.push_back(std::move(wire));
}

std::optional<Url> HttpClient::State::proxy_of(const Url& url) const {
  return settings.proxy.empty() ? proxy_for(url, environment) : std::optional(parse_url(settings.proxy));
}

namespace {

/// One exchange on one connection.
class Call {
 public:
  Call(const HttpSettings& settings, const HttpRequest& request, Url url, std::optional<Url> proxy, Watchdog& watchdog)
      : settings_(settings), request_(request), url_(std::move(url)), proxy_(std::move(proxy)), watchdog_(watchdog) {}

  std::unique_ptr<Wire> open() { return std::make_unique<Wire>(Route{url_, proxy_, settings_}, watchdog_); }

  HttpResponse exchange(Wire& wire) {
    watchdog_.guard(wire.socket());
    return wire.exchange(request_, url_, proxy_ && url_.scheme == "http");
  }

 private:
  const HttpSettings& settings_;
  const HttpRequest& request_;
  Url url_;
  std::optional<Url> proxy_;
  Watchdog& watchdog_;
};

/// What went wrong on the wire, in words; `limit` is what the watchdog watched for.
Error explain(const std::string& url, const Watchdog& watchdog, const std::stop_token& stop, Duration limit,
              const std::string& reason, const std::string& hint) {
  const std::string subject = "cannot reach '" + redact(url) + "': ";
  if (stop.stop_requested()) return Error(ExitCode::interrupted, subject + "stopped");
  if (watchdog.has_bitten()) {
    return Error(ExitCode::unknown, subject + "no complete answer within " + to_words(limit),
                 "Check whether the server is overloaded, or the network slow.");
  }
  return Error(ExitCode::unknown, subject + reason, hint);
}

std::string reason_of(const Poco::Exception& error) {
  if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr) return "no answer in time";
  if (dynamic_cast<const Poco::Net::NoMessageException*>(&error) != nullptr)
    return "the connection was closed without an answer";
  return printable(error.displayText(), 200);
}

/// Runs `work`, turning whatever the wire throws into our error.
template <typename Work>
auto explained(const std::string& url, const Watchdog& watchdog, const std::stop_token& stop, Duration limit,
               Work work) {
  try {
    return work();
  } catch (const Poco::Exception& error) {
    throw explain(url, watchdog, stop, limit, reason_of(error), "Check that the server runs and speaks HTTP.");
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    throw explain(url, watchdog, stop, limit, error.what(), error.hint());
  }
}

}  // namespace

HttpClient::HttpClient(HttpSettings settings, Environment environment, Clock& clock)
    : state_(std::make_unique<State>(std::move(settings), std::move(environment), clock)) {}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpResponse HttpClient::send_once(const HttpRequest& request, Duration limit, std::stop_token stop) {
  const Url url = parse_url(request.url);
  const auto proxy = state_->proxy_of(url);
  const std::string key = origin_key(url, proxy);
  const bool may_reuse = !request.new_connection && is_idempotent(request.method);
  Watchdog watchdog(limit, stop);
  Call call(state_->settings, request, url, proxy, watchdog);
  return explained(request.url, watchdog, stop, limit, [&] {
    auto wire = may_reuse ? state_->take_kept(key) : nullptr;
    HttpResponse response;
    try {
      if (wire) response = call.exchange(*wire);
    } catch (const Poco::Exception&) {
      // The peer closed a kept connection while it was idle: that says nothing about the peer.
      if (watchdog.has_bitten()) throw;
      watchdog.guard(-1);
      wire.reset();
    }
    if (!wire) {
      wire = call.open();
      response = call.exchange(*wire);
    }
    wire->read_body([&](std::string_view piece) {
      response.body += piece;
      if (response.body.size() > request.max_body) {
        throw Error(ExitCode::unknown,
                    "the answer is larger than the cap of " + std::to_string(request.max_body) + " bytes",
                    "Ask for less.");
      }
      return true;
    });
    watchdog.guard(-1);
    if (watchdog.has_bitten()) throw Error(ExitCode::unknown, "too late");
    if (may_reuse && wire->is_reusable()) state_->keep(key, std::move(wire));
    return response;
  });
}

HttpResponse HttpClient::follow(HttpRequest request, HttpResponse response, Duration limit, std::stop_token stop) {
  const Duration end = state_->clock.monotonic() + limit;
  for (int left = request.redirects; left > 0 && is_redirect(response.status); --left) {
    const Url from = parse_url(request.url);
    request.url = resolve_location(from, response.header("Location"));
    const Url to = parse_url(request.url);
    if (to.host != from.host || to.port != from.port || to.scheme != from.scheme) {
      std::erase_if(request.headers, [](const auto& header) { return to_lower(header.first) == "authorization"; });
    }
    response = send_once(request, end - state_->clock.monotonic(), stop);
  }
  return response;
}

HttpResponse HttpClient::send(const HttpRequest& request, std::stop_token stop) {
  check_headers(request);
  const bool may_retry = request.retry.value_or(is_idempotent(request.method));
  const Duration end = state_->clock.monotonic() + request.deadline;
  for (int attempt = 1;; ++attempt) {
    const Duration left = end - state_->clock.monotonic();
    const bool last = attempt >= state_->settings.attempts;
    Duration pause = pause_before(attempt - 1);
    try {
      HttpResponse response = follow(request, send_once(request, left, stop), left, stop);
      const auto wanted = retry_after(response);
      if (last || !wanted || *wanted >= end - state_->clock.monotonic()) return response;
      pause = std::max(*wanted, pause);
    } catch (const Error& error) {
      const bool is_final = last || !may_retry || error.code() != ExitCode::unknown;
      if (is_final || state_->clock.monotonic() + pause >= end) throw;
    }
    if (!state_->clock.sleep_for(pause, stop))
      throw Error(ExitCode::interrupted, "cannot reach '" + redact(request.url) + "': stopped");
  }
}

HttpResponse HttpClient::stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take,
                                Duration idle, std::stop_token stop) {
  check_headers(request);
  const Url url = parse_url(request.url);
  Watchdog watchdog(request.deadline, stop);
  HttpSettings settings = state_->settings;
  settings.read_timeout = std::max(settings.read_timeout, idle);
  Call call(settings, request, url, state_->proxy_of(url), watchdog);
  return explained(request.url, watchdog, stop, idle, [&] {
    const auto wire = call.open();
    HttpResponse response = call.exchange(*wire);
    watchdog.restart(idle);
    constexpr std::size_t kErrorText = 64U << 10U;
    wire->read_body([&](std::string_view piece) {
      watchdog.restart(idle);
      if (response.is_success()) return take(piece);
      response.body += piece;
      return response.body.size() < kErrorText;
    });
    watchdog.guard(-1);
    return response;
  });
}

}  // namespace baton
