// One connection to one origin: connected to whichever of its addresses answers, read with its lengths checked.
#pragma once

#include <Poco/Net/HTTPClientSession.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/io/http.h"
#include "common/io/watchdog.h"

namespace baton {

struct Route {
  Url origin;
  std::optional<Url> proxy = {};
  const HttpSettings& settings;
};

class Wire {
 public:
  /// Resolves, connects, tunnels and shakes hands. Throws Error{unknown} with the reason of the last address.
  Wire(const Route& route, Watchdog& watchdog);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Sends and reads the head. Throws Poco's exceptions.
  HttpResponse exchange(const HttpRequest& request, const Url& url, bool absolute_target);
  /// Reads the body of the exchange before, piece by piece, until it ends or `take` returns false. Throws
  /// Error{unknown} when it ends before its announced length.
  void read_body(const std::function<bool(std::string_view)>& take);
  /// The body was read to its end and the peer keeps the connection open.
  bool is_reusable() const { return reusable_; }
  int socket() const;

 private:
  class Session;
  void read_exactly(std::size_t length, const std::function<bool(std::string_view)>& take);
  void read_chunks(const std::function<bool(std::string_view)>& take);
  void read_to_end(const std::function<bool(std::string_view)>& take);
  std::string read_line();

  std::unique_ptr<Session> session_;
  enum class Framing { none, length, chunked, until_close } framing_ = Framing::none;
  std::size_t length_ = 0;
  bool peer_keeps_ = false;
  bool reusable_ = false;
  bool stopped_early_ = false;
};

}  // namespace baton
