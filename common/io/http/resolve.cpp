// getaddrinfo on a thread of its own: nothing can interrupt it.
#include "common/io/http/resolve.h"

#include <netdb.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "common/io/address.h"
#include "common/io/http/no_answer.h"

namespace baton {
namespace {

using Poco::Net::SocketAddress;

struct Found {
  int error = 0;
  std::vector<SocketAddress> addresses;
};

/// Shared with a thread that may outlive the call.
struct Question {
  std::mutex mutex;
  std::condition_variable_any answered;
  std::optional<Found> found;
};

Found look_up(const std::string& host, int port, int flags) {
  const addrinfo wanted{.ai_flags = flags, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* first = nullptr;
  Found found{.error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &first)};
  if (found.error != 0) return found;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(first, ::freeaddrinfo);
  for (const addrinfo* at = first; at != nullptr; at = at->ai_next) {
    if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
      found.addresses.emplace_back(at->ai_addr, at->ai_addrlen);
  }
  return found;
}

/// Nothing when the time was over first.
std::optional<Found> look_up_in_time(const std::string& host, int port, const Watchdog& watchdog) {
  const auto question = std::make_shared<Question>();
  std::thread([question, host, port] {
    Found found = look_up(host, port, AI_NUMERICSERV);
    const std::lock_guard lock(question->mutex);
    question->found = std::move(found);
    question->answered.notify_all();
  }).detach();
  std::unique_lock lock(question->mutex);
  question->answered.wait_for(lock, watchdog.stop(), watchdog.left(), [&] { return question->found.has_value(); });
  return question->found;
}

NoAnswer unresolved(int error) {
  if (error == EAI_NONAME || error == EAI_NODATA) return {.reason = "no such host", .hint = "Check the host's name."};
  return {.reason = "its name could not be resolved", .hint = "Check DNS: the name server gave no usable answer."};
}

}  // namespace

std::vector<SocketAddress> resolve(const Url& url, const Watchdog& watchdog) {
  const auto port = static_cast<Poco::UInt16>(url.port);
  if (url.host == "localhost" || url.host.ends_with(".localhost"))
    return {SocketAddress("127.0.0.1", port), SocketAddress("::1", port)};
  const auto found = is_ip_address(url.host) ? look_up(url.host, url.port, AI_NUMERICHOST | AI_NUMERICSERV)
                                             : look_up_in_time(url.host, url.port, watchdog);
  if (!found) throw Unanswered({.reason = "its name was not resolved in time", .hint = "Check DNS."});
  if (found->error != 0) throw Unanswered(unresolved(found->error));
  return found->addresses;
}

}  // namespace baton
