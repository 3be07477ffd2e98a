// A TCP relay before a server: late like a far-away host, or asked by CONNECT like a proxy.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace baton::test {

struct RelaySettings {
  int port = 0;                        ///< of the server on 127.0.0.1
  std::chrono::milliseconds delay{0};  ///< before each piece that goes back to the client
  bool is_proxy = false;               ///< expects CONNECT first; whatever the host, the server is meant
  std::string refusal = {};            ///< of the proxy: this whole answer instead of the tunnel
};

class Relay {
 public:
  explicit Relay(RelaySettings settings);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  int port() const { return port_; }
  /// Cuts every connection and takes no new one, until told otherwise: the server is away.
  void refuse(bool yes);
  /// From now on nothing is passed on: the server hangs.
  void hang();
  /// The heads that a proxy was asked with.
  std::vector<std::string> asked() const;

 private:
  void accept_all();
  void serve(int client);
  bool open_tunnel(int client);
  void copy(int from, int to, std::chrono::milliseconds delay);

  RelaySettings settings_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool is_over_ = false;
  bool is_refusing_ = false;
  bool is_hanging_ = false;
  std::vector<std::string> asked_;
  std::vector<int> sockets_;
  std::vector<std::jthread> threads_;
  std::jthread accepting_;
};

}  // namespace baton::test
