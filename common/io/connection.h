// A connection that speaks no HTTP: bytes out, bytes in, with deadlines that hold, over verified TLS where asked.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/core/time.h"
#include "common/io/tls.h"
#include "common/io/url.h"

namespace baton {

struct ConnectionSettings {
  std::string host = {};
  int port = 0;
  bool is_tls = false;
  TlsSettings tls = {};
  std::optional<Url> proxy = {};                       ///< an HTTP proxy that is asked for a tunnel
  Duration connect_timeout = std::chrono::seconds(5);  ///< of each address of the host
  Duration deadline = std::chrono::seconds(10);        ///< of all that is done over it, name and handshake included
  std::string shown = {};                              ///< as errors name it: a URL, its secrets are left out
  std::string origin = {};                             ///< which setting named it: "precheck.infrastructure.redis, …"
};

class Connection {
 public:
  /// Connects, and shakes hands where TLS is asked for. Throws Error{unknown} "cannot reach 'redis://h:6379' (…):
  /// connection refused", Error{interrupted} when `stop` is requested.
  explicit Connection(ConnectionSettings settings, std::stop_token stop = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// All of it. Throws as the constructor.
  void send(std::string_view bytes);
  /// What came, at least one byte; empty when the peer closed. Throws as the constructor.
  std::string receive();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace baton
