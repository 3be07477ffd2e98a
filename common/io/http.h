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

namespace baton {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers = {};
  std::string body = {};
  std::size_t max_body = 64U << 20U;  ///< a larger answer is Error{unknown}, saying the cap
  Duration deadline =
      std::chrono::seconds(30);    ///< of the whole call, retries included; of a stream: until the answer's head
  bool new_connection = false;     ///< never a kept one: proofs of the data plane need it
  int redirects = 0;               ///< followed at most; Authorization is not sent to another origin
  std::optional<bool> retry = {};  ///< default: only idempotent methods (GET, HEAD, PUT, DELETE, OPTIONS)
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
  Duration connect_timeout = std::chrono::seconds(5);
  Duration read_timeout = std::chrono::seconds(15);
  int attempts =
      3;  ///< in all; jittered backoff between them, or Retry-After of a 429 or 503 where it fits the deadline
  TlsSettings tls = {};
  std::string proxy =
      {};  ///< "http://host:3128"; empty: from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY, lower case too)
};

/// Safe to use from several threads. Keeps connections per origin.
class HttpClient {
 public:
  HttpClient(HttpSettings settings, Environment environment, Clock& clock);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  /// Any status is an answer. Throws Error{unknown} when there is none: "cannot reach 'https://h/…': connection
  /// refused", also on a body shorter than announced; Error{interrupted} when `stop` is requested; Error{usage} on a
  /// bad URL or on CR, LF or NUL in a header.
  HttpResponse send(const HttpRequest& request, std::stop_token stop = {});
  /// Hands over the body as it arrives until it ends, `take` returns false, `stop` is requested, or nothing came for
  /// `idle`. The returned response has no body when its status was a success; otherwise its body is the (short) error
  /// text.
  HttpResponse stream(const HttpRequest& request, const std::function<bool(std::string_view)>& take, Duration idle,
                      std::stop_token stop = {});

 private:
  HttpResponse send_once(const HttpRequest& request, Duration limit, std::stop_token stop);
  HttpResponse follow(HttpRequest request, HttpResponse response, Duration limit, std::stop_token stop);

  struct State;
  std::unique_ptr<State> state_;
};

struct Url {
  std::string scheme;
  std::string user_info = {};
  std::string host;  ///< without brackets
  int port = 0;      ///< the scheme's own when not written
  std::string path_and_query = "/";
};
/// http and https; Error{usage} on anything else.
Url parse_url(std::string_view url);

}  // namespace baton
