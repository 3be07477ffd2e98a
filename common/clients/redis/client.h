// A Redis client that looks and changes nothing: PING and INFO, over TLS and with a password where the URL says so.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/clients/redis/info.h"
#include "common/clients/redis/reply.h"
#include "common/core/error.h"
#include "common/io/connection.h"

namespace baton::redis {

struct Address {
  std::string host = {};
  int port = 6379;
  bool is_tls = false;    ///< rediss://
  std::string user = {};  ///< of the ACL; empty: "default"
  std::string password = {};
  int database = 0;
  std::string shown = {};  ///< the URL without its password
};

/// "redis://[[user]:password@]host[:6379][/database]", or "rediss://" for TLS. The password is kept out of all output.
/// Throws Error{usage}.
Address parse_address(std::string_view url);

/// Why a server does not answer PONG.
enum class Trouble {
  no_password,     ///< NOAUTH: it wants one
  wrong_password,  ///< WRONGPASS, or a password where it has none
  loading,         ///< LOADING: it reads its data set from disk
  master_down,     ///< MASTERDOWN: a replica that has lost its master, and serves nothing stale
  not_permitted,   ///< NOPERM: the ACL's user may not
  refused          ///< anything else, in its own words
};

/// The server answered, and not as asked.
class Refused : public Error {
 public:
  Refused(Trouble trouble, const std::string& message, std::string hint)
      : Error(ExitCode::unknown, message, std::move(hint)), trouble_(trouble) {}
  Trouble trouble() const { return trouble_; }

 private:
  Trouble trouble_;
};

struct ClientSettings {
  Address address;
  TlsSettings tls = {};
  Duration deadline = std::chrono::seconds(10);  ///< of the connection and all that is asked over it
  std::string origin = {};                       ///< which setting named it
};

/// One connection; not to be used from several threads.
class Client {
 public:
  /// Connects, and says who it is where the address does. Throws Error{unknown} where there is no answer, Refused where
  /// it is another one.
  explicit Client(const ClientSettings& settings, std::stop_token stop = {});
  /// Throws as the constructor.
  void ping();
  Info info();

 private:
  Reply ask(const std::vector<std::string>& words);
  /// Throws Refused where the reply is an error.
  Reply demand(const std::vector<std::string>& words);

  std::string shown_;
  Connection connection_;
  std::string pending_ = {};  ///< bytes that came and were not read yet
};

}  // namespace baton::redis
