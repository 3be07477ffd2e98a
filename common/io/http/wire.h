// One connection to one origin: requests go out, heads and bodies come in with their lengths checked.
#pragma once

#include <Poco/Net/HTTPClientSession.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/io/http/client.h"
#include "common/io/http/connect.h"
#include "common/io/http/watchdog.h"

namespace baton {

/// Given a piece of a body, says whether it wants more.
using TakePiece = std::function<bool(std::string_view)>;

class Wire {
 public:
  /// Connects. Throws as connect_route does.
  Wire(const Route& route, Watchdog& watchdog);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Sends and reads the head, with `watchdog` guarding. Throws Poco's exceptions and Unanswered.
  HttpResponse exchange(const HttpRequest& request, const Url& url, Watchdog& watchdog);
  /// Reads the body of the exchange before, piece by piece, until it ends or `take` returns false. Throws Unanswered
  /// when it ends before its announced length.
  void read_body(const TakePiece& take);

  bool was_stopped_early() const { return stopped_early_; }
  /// The answer was read to its end, nothing lies behind it, and the peer keeps the connection open.
  bool is_reusable() const;
  /// While nobody asked anything, the peer closed it or said something: it is of no use any more.
  bool has_gone_stale() const;

 private:
  class Session;
  enum class Framing { none, length, chunked, until_close };

  void send(const HttpRequest& request, const Url& url);
  void set_framing(const HttpRequest& request, const HttpResponse& head);
  void read_exactly(std::size_t length, const TakePiece& take);
  void read_chunks(const TakePiece& take);
  void read_to_end(const TakePiece& take);
  std::string read_line();

  std::unique_ptr<Session> session_;
  bool is_proxied_ = false;          ///< by a proxy that reads along: plain http
  std::string proxy_authorization_;  ///< for such a proxy
  Framing framing_ = Framing::none;
  std::size_t length_ = 0;
  bool peer_keeps_ = false;
  bool is_finished_ = false;
  bool stopped_early_ = false;
};

}  // namespace baton
