// Connecting, the proxy's tunnel and the TLS handshake.
#include "common/io/http/connect.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Timespan.h>

#include <cerrno>
#include <cstring>

#include "common/core/digest.h"
#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/address.h"
#include "common/io/http/no_answer.h"
#include "common/io/http/resolve.h"
#include "common/io/tls_context.h"

namespace baton {
namespace {

using Poco::Net::SecureStreamSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

NoAnswer not_connected(int number) {
  if (number == ECONNREFUSED) {
    return {.reason = "connection refused", .hint = "Check that the server runs and that the port is right."};
  }
  return {.reason = to_lower(std::strerror(number)), .hint = "Check the network between here and there."};
}

NoAnswer timed_out(Duration limit) {
  return {.reason = "timed out after " + to_words(limit), .hint = "Check the network between here and there."};
}

/// Throws Unanswered when this address does not answer in time.
StreamSocket connect_address(const SocketAddress& address, Duration timeout, Watchdog& watchdog) {
  StreamSocket socket;
  try {
    socket.connectNB(address);
  } catch (const Poco::Exception& error) {
    throw Unanswered(not_connected(error.code()));
  }
  watchdog.guard(socket.impl()->sockfd());
  const Poco::Timespan patience(std::chrono::microseconds(timeout).count());
  const bool is_ready = socket.poll(patience, Poco::Net::Socket::SELECT_WRITE);
  // The watchdog's shutdown wakes us too, and looks like a connection.
  if (const auto failure = bitten(watchdog)) throw Unanswered(*failure);
  if (!is_ready) throw Unanswered(timed_out(timeout));
  if (const int number = socket.impl()->socketError(); number != 0) throw Unanswered(not_connected(number));
  socket.setBlocking(true);
  socket.setNoDelay(true);
  return socket;
}

/// The first address's reason is told when none answers: the system sorts those that cannot be routed to the end.
StreamSocket connect_any(const Url& url, Duration timeout, Watchdog& watchdog) {
  std::optional<NoAnswer> first;
  for (const SocketAddress& address : resolve(url, watchdog)) {
    try {
      return connect_address(address, timeout, watchdog);
    } catch (const Unanswered& failure) {
      if (!first) first = failure.why();
    }
    if (watchdog.bite() != Watchdog::Bite::none) break;
  }
  throw Unanswered(first.value_or(NoAnswer{.reason = "it has no address"}));
}

/// CONNECT, so that TLS reaches the origin itself.
StreamSocket tunnel(const StreamSocket& socket, const Route& route) {
  Poco::Net::HTTPClientSession session(socket);
  session.setKeepAlive(true);
  Poco::Net::HTTPRequest request("CONNECT", route.origin.authority(), "HTTP/1.1");
  request.set("Host", route.origin.authority());
  if (const auto credentials = basic_authorization(*route.proxy); !credentials.empty())
    request.set("Proxy-Authorization", credentials);
  session.sendRequest(request);
  Poco::Net::HTTPResponse response;
  session.receiveResponse(response);
  const int status = response.getStatus();
  if (status >= 200 && status < 300) return session.detachSocket();
  throw Unanswered({.reason = "the proxy " + route.proxy->authority() + " answered " + std::to_string(status),
                    .hint = "Check the proxy and NO_PROXY.",
                    .is_lasting = status < 500});
}

/// `session` is resumed if there is one and the server still knows it.
StreamSocket secure(const StreamSocket& socket, const Route& route, const TlsContext::Ptr& context,
                    const Poco::Net::Session::Ptr& session) {
  const std::string name = expected_name(route.settings.tls, route.origin.host);
  forget_tls_refusal();
  try {
    // Addresses are no names to a TLS server (RFC 6066): some refuse a handshake that says one.
    auto secured = SecureStreamSocket::attach(socket, is_ip_address(name) ? std::string{} : name, context, session);
    // attach may come back in the middle of a handshake; nothing is said over it before it is done.
    if (secured.completeHandshake() != 1) throw Poco::Net::SSLException("the handshake was not completed");
    return secured;
  } catch (const Poco::Exception&) {
    const auto& refusal = last_tls_refusal();
    if (!refusal) throw;
    throw Unanswered({.reason = "its certificate is refused for '" + name + "': " + refusal->reason,
                      .hint = refusal->hint,
                      .is_lasting = true});
  }
}

StreamSocket connect_plain(const Route& route, Watchdog& watchdog) {
  watchdog.wait_ends();
  return connect_any(route.proxy ? *route.proxy : route.origin, route.settings.connect_timeout, watchdog);
}

StreamSocket connect_secure(const Route& route, Watchdog& watchdog, const TlsContext::Ptr& context,
                            const Poco::Net::Session::Ptr& session) {
  StreamSocket socket = connect_plain(route, watchdog);
  // A peer that accepts and stays silent must not hold us.
  watchdog.allow_silence(route.settings.read_timeout);
  watchdog.wait_begins();
  if (route.proxy) socket = tunnel(socket, route);
  socket = secure(socket, route, context, session);
  watchdog.wait_ends();
  return socket;
}

}  // namespace

std::string basic_authorization(const Url& url) {
  if (url.user_info.empty()) return {};
  const bool has_password = url.user_info.find(':') != std::string::npos;
  std::string value = "Basic " + to_base64(percent_decode(url.user_info) + (has_password ? "" : ":"));
  keep_authorization(value);
  return value;
}

StreamSocket connect_route(const Route& route, Watchdog& watchdog) {
  if (route.origin.scheme != "https") return connect_plain(route, watchdog);
  TlsContext::Ptr context = shared_tls_context(route.settings.tls, route.origin.host, route.origin.port);
  const auto session = route.may_resume ? context->session().copy() : Poco::Net::Session::Ptr();
  try {
    return connect_secure(route, watchdog, context, session);
  } catch (const Poco::Exception&) {
    if (!session || watchdog.bite() != Watchdog::Bite::none) throw;
  }
  // Some servers break off where they should fall back to a full handshake; nothing was asked of them so far.
  context->session().forget();
  return connect_secure(route, watchdog, context, {});
}

}  // namespace baton
