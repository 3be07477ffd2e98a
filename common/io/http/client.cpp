// The client: deadline, attempts, redirects, kept connections.
#include "common/io/http/client.h"

#include <Poco/Net/NetException.h>

#include <algorithm>

#include "common/io/broken_pipe.h"
#include "common/io/http/headers.h"
#include "common/io/http/no_answer.h"
#include "common/io/http/pool.h"
#include "common/io/http/proxy.h"
#include "common/io/http/redirect.h"
#include "common/io/http/retry.h"
#include "common/io/http/wire.h"

namespace baton {
namespace {

constexpr std::size_t kErrorText = 64U << 10U;

/// The peer closed a kept connection while the request was on its way: that says nothing about the peer.
bool is_stale(const Poco::Exception& error) {
  if (dynamic_cast<const Poco::Net::NoMessageException*>(&error) != nullptr) return true;
  return dynamic_cast<const Poco::Net::MessageException*>(&error) == nullptr &&
         dynamic_cast<const Poco::IOException*>(&error) != nullptr;
}

std::string read_whole(Wire& wire, std::size_t max) {
  std::string body;
  wire.read_body([&](std::string_view piece) {
    if (piece.size() > max - body.size()) {
      throw Unanswered({.reason = "the answer is larger than the cap of " + std::to_string(max) + " bytes",
                        .hint = "Ask for less, or look at what the server sends.",
                        .is_lasting = true});
    }
    body += piece;
    return true;
  });
  return body;
}

/// A kept connection may break after the server acted, and the request then goes out once more: only what may be done
/// twice goes over it. Where no second attempt is wanted that is what changes nothing: whether a PUT or DELETE found
/// something to do, its second answer would hide.
bool may_reuse(const HttpRequest& request) {
  if (request.new_connection) return false;
  return request.retry.value_or(is_idempotent(request.method)) || is_safe(request.method);
}

void refuse_bitten(const Watchdog& watchdog) {
  if (const auto failure = bitten(watchdog)) throw Unanswered(*failure);
}

}  // namespace

struct HttpClient::State {
  State(HttpSettings how, Environment where, Clock& when)
      : settings(std::move(how)), environment(std::move(where)), clock(when) {}

  HttpSettings settings;
  Environment environment;
  Clock& clock;
  Pool pool;

  Route route_to(const Url& url) const;
  /// Nothing when there is no kept connection, or it turned out to be closed.
  std::optional<HttpResponse> ask_kept(std::unique_ptr<Wire>& wire, const HttpRequest& request, const Url& url,
                                       Watchdog& watchdog);
  HttpResponse ask(const HttpRequest& request, Duration left, const std::stop_token& stop);
  HttpResponse ask_and_follow(HttpRequest request, Duration end, const std::stop_token& stop);
  HttpResponse stream(const HttpRequest& request, const TakePiece& take, Duration idle, Duration left,
                      const std::stop_token& stop);
  Error to_error(const NoAnswer& failure, const HttpRequest& request) const {
    return baton::to_error(failure, request.url, request.origin.empty() ? settings.origin : request.origin);
  }
};

Route HttpClient::State::route_to(const Url& url) const {
  if (settings.proxy.empty()) return {url, proxy_for(url, environment), settings};
  return {url, parse_proxy(settings.proxy, "the settings"), settings};
}

std::optional<HttpResponse> HttpClient::State::ask_kept(std::unique_ptr<Wire>& wire, const HttpRequest& request,
                                                        const Url& url, Watchdog& watchdog) {
  if (!wire) return std::nullopt;
  try {
    return wire->exchange(request, url, watchdog);
  } catch (const Poco::Exception& error) {
    if (watchdog.bite() != Watchdog::Bite::none || !is_stale(error)) throw;
    wire.reset();
    return std::nullopt;
  }
}

HttpResponse HttpClient::State::ask(const HttpRequest& request, Duration left, const std::stop_token& stop) {
  const Url url = parse_url(request.url);
  Route route = route_to(url);
  route.may_resume = !request.new_connection;
  Pool::Turn turn(pool, route, may_reuse(request) ? Pool::Reuse::allowed : Pool::Reuse::forbidden);
  Watchdog watchdog(request.deadline, left, stop);
  watchdog.allow_silence(settings.read_timeout);
  return on_the_wire(request.url, watchdog, [&] {
    auto wire = turn.take();
    auto response = ask_kept(wire, request, url, watchdog);
    if (!response) {
      wire = std::make_unique<Wire>(route, watchdog);
      response = wire->exchange(request, url, watchdog);
    }
    response->body = read_whole(*wire, request.max_body);
    watchdog.release();
    // Its bite looks like the end of a body that ends with the connection.
    refuse_bitten(watchdog);
    if (!request.new_connection && wire->is_reusable()) turn.keep(std::move(wire));
    return std::move(*response);
  });
}

HttpResponse HttpClient::State::ask_and_follow(HttpRequest request, Duration end, const std::stop_token& stop) {
  HttpResponse response = ask(request, end - clock.monotonic(), stop);
  for (int left = request.redirects; left > 0 && is_redirect(response); --left) {
    request = redirected(std::move(request), response);
    response = ask(request, end - clock.monotonic(), stop);
  }
  return response;
}

HttpClient::HttpClient(HttpSettings settings, Environment environment, Clock& clock)
    : state_(std::make_unique<State>(std::move(settings), std::move(environment), clock)) {
  ignore_broken_pipes();
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

HttpResponse HttpClient::send(const HttpRequest& request, std::stop_token stop) {
  check_head(request);
  Clock& clock = state_->clock;
  const bool may_retry = request.retry.value_or(is_idempotent(request.method));
  const Duration end = clock.monotonic() + request.deadline;
  for (int attempt = 1;; ++attempt) {
    const bool is_last = attempt >= state_->settings.attempts;
    Duration pause = pause_before(attempt + 1);
    try {
      HttpResponse response = state_->ask_and_follow(request, end, stop);
      const auto wanted = retry_after(response, clock.now());
      if (is_last || !wanted || !request.retry.value_or(true)) return response;
      pause = std::max(*wanted, pause);
      if (clock.monotonic() + pause >= end) return response;
    } catch (const Unanswered& failure) {
      const bool is_final =
          is_last || !may_retry || failure.why().is_lasting || failure.why().code != ExitCode::unknown;
      if (is_final || clock.monotonic() + pause >= end) throw state_->to_error(failure.why(), request);
    }
    if (!clock.sleep_for(pause, stop))
      throw state_->to_error({.reason = "stopped", .code = ExitCode::interrupted}, request);
  }
}

HttpResponse HttpClient::State::stream(const HttpRequest& request, const TakePiece& take, Duration idle, Duration left,
                                       const std::stop_token& stop) {
  const Url url = parse_url(request.url);
  const Route route = route_to(url);
  Watchdog watchdog(request.deadline, left, stop);
  return on_the_wire(request.url, watchdog, [&] {
    Wire wire(route, watchdog);
    watchdog.allow_silence(std::max(settings.read_timeout, idle));
    HttpResponse response = wire.exchange(request, url, watchdog);
    watchdog.lift_deadline();
    watchdog.allow_silence(idle);
    wire.read_body([&](std::string_view piece) {
      if (response.is_success()) return take(piece);
      response.body += piece;
      return response.body.size() < kErrorText;
    });
    if (!wire.was_stopped_early()) refuse_bitten(watchdog);
    return response;
  });
}

HttpResponse HttpClient::stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take,
                                Duration idle, std::stop_token stop) {
  check_head(request);
  const Duration end = state_->clock.monotonic() + request.deadline;
  try {
    HttpRequest next = request;
    HttpResponse response = state_->stream(next, take, idle, request.deadline, stop);
    for (int left = request.redirects; left > 0 && is_redirect(response); --left) {
      next = redirected(std::move(next), response);
      response = state_->stream(next, take, idle, end - state_->clock.monotonic(), stop);
    }
    return response;
  } catch (const Unanswered& failure) {
    throw state_->to_error(failure.why(), request);
  }
}

}  // namespace baton
