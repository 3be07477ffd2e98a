// Carrying bytes.
#include "tests/sandbox/tcp_link.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace baton::sandbox {
namespace {

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

TcpLink::TcpLink(int poll, int client, int backend)
    : poll_(poll), client_{.descriptor = client}, backend_{.descriptor = backend, .is_connected = false} {
  for (const int descriptor : {client, backend}) {
    epoll_event event{};
    event.data.fd = descriptor;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
  }
  watch(client_, backend_);
  watch(backend_, client_);
}

TcpLink::~TcpLink() {
  ::close(client_.descriptor);
  ::close(backend_.descriptor);
}

bool TcpLink::serve(int descriptor, unsigned events) {
  auto& side = descriptor == client_.descriptor ? client_ : backend_;
  auto& other = descriptor == client_.descriptor ? backend_ : client_;
  if (!side.is_connected && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0 && !confirm_connection(side))
    return fail();
  if ((events & EPOLLOUT) != 0 && !flush(side, other)) return fail();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !take_from(side, other)) return fail();
  if (client_.is_told && backend_.is_told) return false;
  watch(client_, backend_);
  watch(backend_, client_);
  return true;
}

bool TcpLink::confirm_connection(Side& side) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(side.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  side.is_connected = error == 0;
  return side.is_connected;
}

/// Reads only what can be passed on: a slow reader slows its writer down instead of filling our memory.
bool TcpLink::take_from(Side& from, Side& to) {
  if (from.has_ended || !to.unsent.empty() || !from.is_connected) return true;
  std::array<char, 65536> buffer;
  const auto count = ::recv(from.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0) return would_block();
  if (count == 0) from.has_ended = true;
  to.unsent.assign(buffer.data(), static_cast<std::size_t>(count));
  return flush(to, from);
}

bool TcpLink::flush(Side& side, const Side& other) {
  if (!side.is_connected) return true;
  if (!side.unsent.empty()) {
    const auto count = ::send(side.descriptor, side.unsent.data(), side.unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return would_block();
    side.unsent.erase(0, static_cast<std::size_t>(count));
  }
  if (other.has_ended && side.unsent.empty() && !side.is_told) {
    ::shutdown(side.descriptor, SHUT_WR);
    side.is_told = true;
  }
  return true;
}

void TcpLink::watch(const Side& side, const Side& other) const {
  epoll_event event{};
  event.data.fd = side.descriptor;
  if (side.is_connected && !side.has_ended && other.unsent.empty()) event.events |= EPOLLIN;
  if (!side.is_connected || !side.unsent.empty()) event.events |= EPOLLOUT;
  ::epoll_ctl(poll_, EPOLL_CTL_MOD, side.descriptor, &event);
}

/// A side that broke is a broken connection for the other one, not an orderly end.
bool TcpLink::fail() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  for (const int descriptor : {client_.descriptor, backend_.descriptor})
    ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return false;
}

}  // namespace baton::sandbox
