// The one HTTP client: verified TLS, deadlines that hold, retries that are safe, streams that can be cancelled.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/time.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/tls.h"
#include "common/io/url.h"

namespace baton {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  /// Its user and password are sent as Authorization unless `headers` hold one.
  std::string url;
  Headers headers = {};
  std::string body = {};
  std::size_t max_body = 64U << 20U;  ///< a larger answer is Error{unknown}, saying the cap
  /// Of the whole call, names and retries included; of a stream: until the answer's head.
  Duration deadline = std::chrono::seconds(30);
  /// Neither a kept connection nor a resumed TLS session: proofs of the data plane need it.
  bool new_connection = false;
  int redirects = 0;  ///< followed at most, from https never to http; credentials stay with their origin
  /// After a failure; default: only idempotent methods (GET, HEAD, PUT, DELETE, OPTIONS). A 429 or 503 with Retry-After
  /// is retried always unless this is false. With false the request goes out once; only GET, HEAD and OPTIONS, which
  /// change nothing, may go over a kept connection, and once more when that turns out to be closed.
  std::optional<bool> retry = {};
  std::string origin = {};  ///< which setting named the server, for errors; empty: as the client's settings say
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
  bool is_success() const { return status >= 200 && status < 300; }
  /// Case-insensitive; empty when absent.
  std::string header(std::string_view name) const;
};

struct HttpSettings {
  Duration connect_timeout = std::chrono::seconds(5);  ///< of each address of the host
  Duration read_timeout = std::chrono::seconds(15);    ///< the longest the peer may say nothing; of a TLS handshake
  /// In all; jittered backoff between them, or Retry-After of a 429 or 503 where it fits the deadline.
  int attempts = 3;
  TlsSettings tls = {};
  /// Which setting named the server, for errors: "metrics.prometheus, baton.yaml:3:24"; empty: not said.
  std::string origin = {};
  /// "http://host:3128"; empty: from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY, lower case too).
  std::string proxy = {};
};

/// Safe to use from several threads. Keeps as many connections to an origin as there were requests to it at once.
class HttpClient {
 public:
  HttpClient(HttpSettings settings, Environment environment, Clock& clock);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Any status is an answer. Throws Error{unknown} when there is none: "cannot reach 'https://h/…': connection
  /// refused", also on a body shorter than announced; Error{interrupted} when `stop` is requested, at once;
  /// Error{usage} on a bad URL, method or header's name, and on CR, LF or NUL in a header.
  HttpResponse send(const HttpRequest& request, std::stop_token stop = {});
  /// Hands over the body as it arrives until it ends or `take` returns false; what `take` throws comes through. On a
  /// new connection, without retries; follows as many redirects as the request allows. Throws as `send` does, also when
  /// nothing came for `idle`. The returned response has no body when its status was a success; otherwise its body is
  /// the (short) error text, and `take` was not called.
  HttpResponse stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take, Duration idle,
                      std::stop_token stop = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton
