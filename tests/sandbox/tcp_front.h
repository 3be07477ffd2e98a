// A TCP address in front of changing backends, as kube-proxy makes one: each new connection is given to one of them,
// and keeps it for as long as it lives.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace baton::sandbox {

struct Backend {
  std::string address;
  int port = 0;
  bool operator==(const Backend&) const = default;
};

class TcpLink;

class TcpFront {
 public:
  TcpFront(std::string address, int port);
  /// Cuts the connections that are left.
  ~TcpFront();
  TcpFront(const TcpFront&) = delete;
  TcpFront& operator=(const TcpFront&) = delete;

  /// For connections from now on. Without backends they are refused.
  void set_backends(std::vector<Backend> backends);

 private:
  void run(std::stop_token stop);
  void wake() const;
  void update_listening();
  void accept_all();
  void begin_link(int client);
  void serve(int descriptor, unsigned events);
  void drop(const std::shared_ptr<TcpLink>& link);

  std::string address_;
  int port_;
  int poll_ = -1;
  int wake_ = -1;
  int listener_ = -1;
  std::mutex mutex_;
  std::vector<Backend> backends_;
  std::map<int, std::shared_ptr<TcpLink>> links_;  ///< by each of its two descriptors
  std::mt19937 random_{std::random_device{}()};
  std::jthread thread_;
};

}  // namespace baton::sandbox
