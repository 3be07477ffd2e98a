// Requests out, heads and bodies in. Poco's body streams end silently where a peer cut them: bodies are read here.
#include "common/io/http/wire.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>

#include <array>
#include <charconv>
#include <optional>

#include "common/core/printable.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "common/io/http/headers.h"
#include "common/io/http/no_answer.h"
#include "common/io/tls_context.h"

namespace baton {

/// Opens Poco's protected reading, which knows what it buffered behind the head, and tells the watchdog of each wait.
class Wire::Session final : public Poco::Net::HTTPClientSession {
 public:
  explicit Session(const Poco::Net::StreamSocket& socket) : HTTPClientSession(socket) { setKeepAlive(true); }

  void watch(Watchdog& watchdog) {
    watchdog_ = &watchdog;
    watchdog.guard(socket().impl()->sockfd());
  }
  /// 0 at the end.
  std::size_t read_some(char* to, std::size_t size) {
    watchdog_->wait_begins();
    const int length = read(to, static_cast<std::streamsize>(size));
    watchdog_->wait_ends();
    return length > 0 ? static_cast<std::size_t>(length) : 0;
  }
  std::optional<char> next() {
    if (buffered() == 0) {
      watchdog_->wait_begins();
      refill();
      watchdog_->wait_ends();
    }
    if (buffered() <= 0) return std::nullopt;
    return static_cast<char>(get());
  }
  bool has_more() const { return buffered() > 0; }

 private:
  /// Poco's own connects anew when the first write fails, to no host and without TLS.
  int write(const char* bytes, std::streamsize length) override {
    watchdog_->wait_begins();
    return HTTPSession::write(bytes, length);  // NOLINT(bugprone-parent-virtual-call): past its own connecting
  }

  Watchdog* watchdog_ = nullptr;
};

namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr int kMostEarlyHints = 10;

NoAnswer cut_short() {
  return {.reason = "the answer ended before its announced length", .hint = "Try again; the connection was cut."};
}

NoAnswer broken(const std::string& what) {
  return {.reason = "the answer " + what, .hint = "Look at the server, or the proxy before it.", .is_lasting = true};
}

void fill(Poco::Net::HTTPRequest& to, const HttpRequest& request, const Url& url) {
  to.set("Host", url.host_header());
  to.set("User-Agent", "baton/" + std::string(kVersion));
  if (const auto credentials = basic_authorization(url); !credentials.empty()) to.set("Authorization", credentials);
  for (const auto& [name, value] : request.headers) to.set(name, value);
  // A server may echo what it is sent.
  if (to.has("Authorization")) keep_authorization(to.get("Authorization"));
  // Without it Poco drops the body of a DELETE and leaves that of a POST without a frame.
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    to.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  }
}

std::size_t parse_length(const std::string& text) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error == std::errc{} && end == text.data() + text.size()) return length;
  throw Unanswered(broken("announces the length '" + printable(text, 40) + "'"));
}

/// The one length that all Content-Length headers announce.
std::optional<std::size_t> announced_length(const Headers& headers) {
  std::optional<std::size_t> length;
  for (const auto& [name, value] : headers) {
    if (!is_same_header(name, "Content-Length")) continue;
    const std::size_t here = parse_length(value);
    if (length && *length != here) throw Unanswered(broken("announces two lengths"));
    length = here;
  }
  return length;
}

}  // namespace

Wire::Wire(const Route& route, Watchdog& watchdog)
    : session_(std::make_unique<Session>(connect_route(route, watchdog))),
      is_proxied_(route.proxy && route.origin.scheme == "http"),
      proxy_authorization_(is_proxied_ ? basic_authorization(*route.proxy) : "") {}
Wire::~Wire() = default;

void Wire::send(const HttpRequest& request, const Url& url) {
  const std::string target = is_proxied_ ? "http://" + url.authority() + url.path_and_query : url.path_and_query;
  Poco::Net::HTTPRequest message(request.method, target, "HTTP/1.1");
  fill(message, request, url);
  if (!proxy_authorization_.empty()) message.set("Proxy-Authorization", proxy_authorization_);
  session_->sendRequest(message).write(request.body.data(), static_cast<std::streamsize>(request.body.size())).flush();
}

HttpResponse Wire::exchange(const HttpRequest& request, const Url& url, Watchdog& watchdog) {
  is_finished_ = false;
  stopped_early_ = false;
  session_->watch(watchdog);
  forget_tls_refusal();
  send(request, url);
  watchdog.wait_begins();
  Poco::Net::HTTPResponse head;
  // Poco takes 103 (Early Hints) for the answer.
  for (int left = kMostEarlyHints; left > 0; --left) {
    session_->receiveResponse(head);
    if (head.getStatus() >= 200 || head.getStatus() == Poco::Net::HTTPResponse::HTTP_SWITCHING_PROTOCOLS) break;
  }
  watchdog.wait_ends();
  HttpResponse response{.status = static_cast<int>(head.getStatus())};
  for (const auto& [name, value] : head) response.headers.emplace_back(name, value);
  peer_keeps_ = head.getKeepAlive();
  set_framing(request, response);
  return response;
}

void Wire::set_framing(const HttpRequest& request, const HttpResponse& head) {
  const std::string encoding = to_lower(head.header("Transfer-Encoding"));
  if (request.method == "HEAD" || head.status == 204 || head.status == 304 || head.status < 200) {
    framing_ = Framing::none;
  } else if (!encoding.empty()) {
    if (encoding != "chunked") throw Unanswered(broken("is encoded as '" + printable(encoding, 40) + "'"));
    framing_ = Framing::chunked;
  } else {
    const auto length = announced_length(head.headers);
    framing_ = length ? Framing::length : Framing::until_close;
    length_ = length.value_or(0);
  }
}

bool Wire::is_reusable() const {
  return peer_keeps_ && is_finished_ && framing_ != Framing::until_close && !session_->has_more();
}

bool Wire::has_gone_stale() const { return session_->socket().poll(0, Poco::Net::Socket::SELECT_READ); }

void Wire::read_body(const TakePiece& take) {
  switch (framing_) {
    case Framing::none:
      break;
    case Framing::length:
      read_exactly(length_, take);
      break;
    case Framing::chunked:
      read_chunks(take);
      break;
    case Framing::until_close:
      read_to_end(take);
      break;
  }
  is_finished_ = !stopped_early_;
}

void Wire::read_exactly(std::size_t length, const TakePiece& take) {
  std::array<char, 16384> piece{};
  while (length > 0 && !stopped_early_) {
    const std::size_t got = session_->read_some(piece.data(), std::min(length, piece.size()));
    if (got == 0) throw Unanswered(cut_short());
    length -= got;
    stopped_early_ = !take({piece.data(), got});
  }
}

void Wire::read_chunks(const TakePiece& take) {
  while (!stopped_early_) {
    const std::string line = read_line();
    std::size_t length = 0;
    const auto size = trim(std::string_view(line).substr(0, line.find(';')));
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), length, 16);
    if (error != std::errc{} || end != size.data() + size.size()) throw Unanswered(broken("holds a broken chunk"));
    if (length == 0) break;
    read_exactly(length, take);
    if (!stopped_early_ && !read_line().empty()) throw Unanswered(broken("holds a broken chunk"));
  }
  // Trailers, up to the empty line.
  while (!stopped_early_ && !read_line().empty()) {
  }
}

void Wire::read_to_end(const TakePiece& take) {
  std::array<char, 16384> piece{};
  while (!stopped_early_) {
    const std::size_t got = session_->read_some(piece.data(), piece.size());
    if (got == 0) return;
    stopped_early_ = !take({piece.data(), got});
  }
}

std::string Wire::read_line() {
  std::string line;
  while (line.size() <= kLongestLine) {
    const auto c = session_->next();
    if (!c) throw Unanswered(cut_short());
    if (*c == '\n') {
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    line += *c;
  }
  throw Unanswered(broken("holds a line of more than " + std::to_string(kLongestLine) + " bytes"));
}

}  // namespace baton
