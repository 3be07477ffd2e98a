// The front's loop.
#include "tests/sandbox/tcp_front.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "tests/sandbox/tcp_link.h"

namespace baton::sandbox {
namespace {

constexpr int kBacklog = 512;

sockaddr_in socket_address(const std::string& address, int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  return where;
}

int new_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

void send_at_once(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void watch_reading(int poll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

int listen_on(const std::string& address, int port) {
  const int descriptor = new_socket();
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto where = socket_address(address, port);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 &&
      ::listen(descriptor, kBacklog) == 0)
    return descriptor;
  ::close(descriptor);
  throw std::runtime_error("cannot listen on " + address + ":" + std::to_string(port));
}

}  // namespace

TcpFront::TcpFront(std::string address, int port)
    : address_(std::move(address)),
      port_(port),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  watch_reading(poll_, wake_);
  // Whether the address can be had is found out here, where somebody hears of it.
  ::close(listen_on(address_, port_));
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

TcpFront::~TcpFront() {
  thread_.request_stop();
  wake();
  thread_.join();
  if (listener_ >= 0) ::close(listener_);
  links_.clear();
  ::close(wake_);
  ::close(poll_);
}

void TcpFront::set_backends(std::vector<Backend> backends) {
  {
    const std::scoped_lock lock(mutex_);
    backends_ = std::move(backends);
  }
  wake();
}

void TcpFront::wake() const {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // full: it is awake already
}

void TcpFront::run(std::stop_token stop) {
  std::array<epoll_event, 128> events{};
  while (!stop.stop_requested()) {
    const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == wake_) {
        update_listening();
      } else if (event.data.fd == listener_) {
        accept_all();
      } else {
        serve(event.data.fd, event.events);
      }
    }
  }
}

void TcpFront::update_listening() {
  std::uint64_t value = 0;
  if (::read(wake_, &value, sizeof value) < 0) return;
  const std::scoped_lock lock(mutex_);
  if (backends_.empty() && listener_ >= 0) {
    ::close(listener_);
    listener_ = -1;
  } else if (!backends_.empty() && listener_ < 0) {
    listener_ = listen_on(address_, port_);
    watch_reading(poll_, listener_);
  }
}

void TcpFront::accept_all() {
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    begin_link(client);
  }
}

void TcpFront::begin_link(int client) {
  Backend chosen;
  {
    const std::scoped_lock lock(mutex_);
    if (backends_.empty()) {
      ::close(client);
      return;
    }
    chosen = backends_[random_() % backends_.size()];
  }
  const int backend = new_socket();
  send_at_once(client);
  send_at_once(backend);
  const auto where = socket_address(chosen.address, chosen.port);
  const int connected = ::connect(backend, reinterpret_cast<const sockaddr*>(&where), sizeof where);
  auto link = std::make_shared<TcpLink>(poll_, client, backend);
  if (connected < 0 && errno != EINPROGRESS) return;
  links_[client] = link;
  links_[backend] = link;
}

void TcpFront::serve(int descriptor, unsigned events) {
  // An event may still be on its way for a link that another event of the same round ended.
  const auto found = links_.find(descriptor);
  if (found == links_.end()) return;
  const auto link = found->second;
  if (!link->serve(descriptor, events)) drop(link);
}

void TcpFront::drop(const std::shared_ptr<TcpLink>& link) {
  links_.erase(link->client());
  links_.erase(link->backend());
}

}  // namespace baton::sandbox
