// Bytes to and fro, a thread for each direction.
#include "tests/support/relay.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/support/loopback.h"

namespace baton::test {
Relay::Relay(RelaySettings settings)
    : settings_(std::move(settings)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool is_listening = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
                            ::getsockname(listener_, generic, &size) == 0;
  if (!is_listening) throw std::runtime_error("the relay cannot listen");
  port_ = ntohs(address.sin_port);
  accepting_ = std::jthread([this] { accept_all(); });
}

Relay::~Relay() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  ended_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  threads_.clear();
  for (const int socket : sockets_) ::close(socket);
  ::close(listener_);
}

void Relay::refuse(bool yes) {
  const std::scoped_lock lock(mutex_);
  is_refusing_ = yes;
  if (!yes) return;
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void Relay::hang() {
  const std::scoped_lock lock(mutex_);
  is_hanging_ = true;
}

std::vector<std::string> Relay::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

void Relay::accept_all() {
  for (int client = 0; (client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const std::scoped_lock lock(mutex_);
    sockets_.push_back(client);
    if (is_over_) return;
    if (is_refusing_) ::shutdown(client, SHUT_RDWR);
    threads_.emplace_back([this, client] { serve(client); });
  }
}

void Relay::serve(int client) {
  if (settings_.is_proxy && !open_tunnel(client)) {
    ::shutdown(client, SHUT_RDWR);
    return;
  }
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(settings_.port);
  const bool connected = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  {
    const std::scoped_lock lock(mutex_);
    sockets_.push_back(server);
    if (!connected || is_over_) ::shutdown(client, SHUT_RDWR);
    if (!connected || is_over_) return;
  }
  const std::jthread back([&] { copy(server, client, settings_.delay); });
  copy(client, server, std::chrono::milliseconds(0));
}

bool Relay::open_tunnel(int client) {
  std::string head;
  for (char c = 0; head.find("\r\n\r\n") == std::string::npos; head += c) {
    if (::recv(client, &c, 1, 0) != 1) return false;
  }
  {
    const std::scoped_lock lock(mutex_);
    asked_.push_back(head);
  }
  const std::string answer = settings_.refusal.empty() ? "HTTP/1.1 200 Tunnel\r\n\r\n" : settings_.refusal;
  return ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL) > 0 && settings_.refusal.empty();
}

void Relay::copy(int from, int to, std::chrono::milliseconds delay) {
  std::array<char, 16384> piece{};
  for (ssize_t got = 0; (got = ::recv(from, piece.data(), piece.size(), 0)) > 0;) {
    std::unique_lock lock(mutex_);
    if (is_hanging_) ended_.wait(lock, [this] { return is_over_; });
    if (delay.count() > 0) ended_.wait_for(lock, delay, [this] { return is_over_; });
    if (is_over_) break;
    lock.unlock();
    if (::send(to, piece.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got) break;
  }
  ::shutdown(to, SHUT_RDWR);
  ::shutdown(from, SHUT_RDWR);
}

}  // namespace baton::test
