// A real HTTP(S) server on loopback that answers as a test says, also badly: late, slowly, cut, or not at all.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/io/http/client.h"
#include "tests/support/certificates.h"

namespace baton::test {

struct Received {
  std::string method;
  std::string target;
  Headers headers = {};
  std::string body = {};
  int connection = 0;            ///< from 1, in the order accepted
  std::string server_name = {};  ///< the TLS SNI
  /// Case-insensitive; empty when absent.
  std::string header(std::string_view name) const;
};

struct Answer {
  enum class Frame { length, chunked, until_close };
  int status = 200;
  Headers headers = {};
  std::string body = {};
  Frame frame = Frame::length;
  std::string raw = {};                       ///< sent as it is instead of all above
  std::chrono::milliseconds delay{0};         ///< before the first byte
  std::chrono::milliseconds pace{0};          ///< between two bytes (chunked: two chunks of one byte)
  std::size_t cut_after = std::string::npos;  ///< bytes of head and body; then the connection is closed
  bool is_last = false;                       ///< closes the connection afterwards without having said so
  bool is_silent = false;                     ///< says nothing more, and keeps the connection, until the server goes
};

struct ServerSettings {
  Identity identity = {};      ///< TLS when there is one
  std::string client_ca = {};  ///< PEM: a client certificate that it signed is asked for
  bool is_old = false;         ///< speaks TLS 1.1 at most
  bool is_tls12 = false;       ///< speaks TLS 1.2 at most
  std::string greeting = {};   ///< sent to whoever connects, before anything was asked
  std::string address = "127.0.0.1";
  int port = 0;  ///< 0: a free one
};

class HttpServer {
 public:
  using Handler = std::function<Answer(const Received&)>;
  /// `handler` is called from one thread a connection. Throws std::runtime_error when it cannot listen.
  explicit HttpServer(Handler handler, ServerSettings settings = {});
  /// Cuts what is still open.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }
  /// "http://127.0.0.1:1234"; `host` instead of the address when given.
  std::string url(const std::string& host = {}) const;
  std::vector<Received> received() const;
  int connections() const { return accepted_; }
  int open_connections() const { return open_; }
  /// TLS handshakes that were completed, and those among them that resumed a session.
  int handshakes() const { return handshakes_; }
  int resumptions() const { return resumptions_; }
  /// Closes every connection there is, as a peer does with idle ones.
  void close_connections();

 private:
  class Connection;
  void accept_all();
  void serve(Connection& connection);
  void talk(Connection& connection);
  bool answer(Connection& connection, const Answer& answer);
  bool pause_for(std::chrono::milliseconds duration);

  Handler handler_;
  ServerSettings settings_;
  std::shared_ptr<void> tls_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::atomic<int> open_ = 0;
  std::atomic<int> handshakes_ = 0;
  std::atomic<int> resumptions_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  std::vector<Received> received_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::jthread> threads_;
  std::jthread accepting_;
};

}  // namespace baton::test
