// Requests out, heads and bodies in. Poco's body streams end silently where a peer cut them: bodies are read here.
#include "common/io/http_wire.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <array>
#include <charconv>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/http_connect.h"

namespace baton {

/// Opens Poco's protected reading, which knows what it buffered behind the head.
class Wire::Session final : public Poco::Net::HTTPClientSession {
 public:
  explicit Session(const Poco::Net::StreamSocket& socket) : HTTPClientSession(socket) { setKeepAlive(true); }
  std::size_t read_some(char* to, std::size_t size) {
    const int length = read(to, static_cast<std::streamsize>(size));
    return length > 0 ? static_cast<std::size_t>(length) : 0;
  }
  int next() { return get(); }
};

namespace {

constexpr std::size_t kLongestLine = 4096;

[[noreturn]] void cut_short() {
  throw Error(ExitCode::unknown, "the answer ended before its announced length", "Try again; the connection was cut.");
}

void fill(Poco::Net::HTTPRequest& to, const HttpRequest& request, const Url& url) {
  const bool is_default_port = url.port == (url.scheme == "https" ? 443 : 80);
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  to.set("Host", is_default_port ? host : host + ":" + std::to_string(url.port));
  for (const auto& [name, value] : request.headers) to.set(name, value);
  // Without it Poco drops the body of a DELETE and leaves that of a POST without a frame.
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
    to.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  }
}

}  // namespace

Wire::Wire(const Route& route, Watchdog& watchdog)
    : session_(std::make_unique<Session>(connect_route(route, watchdog))) {}
Wire::~Wire() = default;

int Wire::socket() const { return session_->socket().impl()->sockfd(); }

HttpResponse Wire::exchange(const HttpRequest& request, const Url& url, bool absolute_target) {
  reusable_ = false;
  const std::string target =
      absolute_target ? "http://" + url.host + ":" + std::to_string(url.port) + url.path_and_query : url.path_and_query;
  Poco::Net::HTTPRequest message(request.method, target, "HTTP/1.1");
  fill(message, request, url);
  session_->sendRequest(message).write(request.body.data(), static_cast<std::streamsize>(request.body.size())).flush();
  Poco::Net::HTTPResponse head;
  session_->receiveResponse(head);
  HttpResponse response{.status = static_cast<int>(head.getStatus())};
  for (const auto& [name, value] : head) response.headers.emplace_back(name, value);
  peer_keeps_ = head.getKeepAlive();
  length_ = 0;
  const bool no_body =
      request.method == "HEAD" || response.status == 204 || response.status == 304 || response.status < 200;
  if (no_body) {
    framing_ = Framing::none;
  } else if (head.getChunkedTransferEncoding()) {
    framing_ = Framing::chunked;
  } else if (head.hasContentLength()) {
    framing_ = Framing::length;
    const auto announced = head.getContentLength64();
    if (announced < 0) throw Error(ExitCode::unknown, "the answer announces a negative length");
    length_ = static_cast<std::size_t>(announced);
  } else {
    framing_ = Framing::until_close;
  }
  return response;
}

void Wire::read_body(const std::function<bool(std::string_view)>& take) {
  stopped_early_ = false;
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
  reusable_ = peer_keeps_ && !stopped_early_ && framing_ != Framing::until_close;
}

void Wire::read_exactly(std::size_t length, const std::function<bool(std::string_view)>& take) {
  std::array<char, 16384> piece{};
  while (length > 0) {
    const std::size_t got = session_->read_some(piece.data(), std::min(length, piece.size()));
    if (got == 0) cut_short();
    length -= got;
    if (!take({piece.data(), got})) {
      stopped_early_ = true;
      return;
    }
  }
}

void Wire::read_chunks(const std::function<bool(std::string_view)>& take) {
  while (!stopped_early_) {
    const std::string line = read_line();
    std::size_t length = 0;
    const auto size = trim(std::string_view(line).substr(0, line.find(';')));
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), length, 16);
    if (error != std::errc{} || end != size.data() + size.size())
      throw Error(ExitCode::unknown, "the answer holds a broken chunk");
    if (length == 0) break;
    read_exactly(length, take);
    if (!stopped_early_ && !read_line().empty()) throw Error(ExitCode::unknown, "the answer holds a broken chunk");
  }
  // Trailers, up to the empty line.
  while (!stopped_early_ && !read_line().empty()) {
  }
}

void Wire::read_to_end(const std::function<bool(std::string_view)>& take) {
  std::array<char, 16384> piece{};
  while (const std::size_t got = session_->read_some(piece.data(), piece.size())) {
    if (take({piece.data(), got})) continue;
    stopped_early_ = true;
    return;
  }
}

std::string Wire::read_line() {
  std::string line;
  while (true) {
    const int c = session_->next();
    if (c < 0) cut_short();
    if (c == '\n') break;
    line += static_cast<char>(c);
    if (line.size() > kLongestLine) throw Error(ExitCode::unknown, "the answer holds a broken chunk");
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace baton
