// Claiming and giving out loopback addresses.
#include "tests/sandbox/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <stdexcept>

namespace baton::sandbox {
namespace {

constexpr int kClaimPort = 47310;
constexpr int kClaimHost = 254;
constexpr int kLastHost = 250;

bool bind_to(int descriptor, const std::string& address, int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(port));
  if (::inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) return false;
  return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
}

}  // namespace

Network::Network() {
  std::random_device random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    second_ = 16 + static_cast<int>(random() % 200U);
    third_ = 2 * static_cast<int>(random() % 120U);
    claim_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind_to(claim_, address(0, kClaimHost), kClaimPort)) return;
    ::close(claim_);
  }
  throw std::runtime_error("no loopback network is free for a sandbox");
}

Network::~Network() { ::close(claim_); }

std::string Network::address(int network, int host) const {
  return "127." + std::to_string(second_) + "." + std::to_string(third_ + network) + "." + std::to_string(host);
}

std::string Network::new_pod_address() {
  const std::scoped_lock lock(mutex_);
  // In turn, so that an address is not used again while somebody may still hold connections to it.
  last_pod_ = last_pod_ % kLastHost + 1;
  return address(0, last_pod_);
}

std::string Network::new_service_address() {
  const std::scoped_lock lock(mutex_);
  for (int host = 1; host <= kLastHost; ++host) {
    if (services_.insert(host).second) return address(1, host);
  }
  throw std::runtime_error("no address is left for a Service");
}

void Network::give_back(const std::string& service_address) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(services_, [&](int host) { return address(1, host) == service_address; });
}

bool Network::take_service_address(const std::string& wanted) {
  const std::scoped_lock lock(mutex_);
  for (int host = 1; host <= kLastHost; ++host) {
    if (address(1, host) == wanted) return services_.insert(host).second;
  }
  return false;
}

}  // namespace baton::sandbox
