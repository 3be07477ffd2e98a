// Name resolution, connecting, the proxy's tunnel and the TLS handshake.
#include "common/io/http_connect.h"

#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Timespan.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/units.h"
#include "common/io/proxy.h"
#include "common/io/tls_context.h"

namespace baton {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::SecureStreamSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

Poco::Timespan timespan(Duration duration) { return Poco::Timespan(std::chrono::microseconds(duration).count()); }

std::string authority_of(const Url& url) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

/// IPv4 first, as Poco sorts them. A scratch image has no /etc/hosts to look localhost up in.
std::vector<IPAddress> addresses_of(const std::string& host) {
  if (host == "localhost") return {IPAddress("127.0.0.1"), IPAddress("::1")};
  IPAddress literal;
  if (IPAddress::tryParse(host, literal)) return {literal};
  try {
    return Poco::Net::DNS::hostByName(host).addresses();
  } catch (const Poco::Net::HostNotFoundException&) {
    throw Error(ExitCode::unknown, "no such host", "Check the host's name.");
  } catch (const Poco::Exception&) {
    throw Error(ExitCode::unknown, "the name could not be resolved", "Check DNS: the name server did not answer.");
  }
}

StreamSocket connect_to(const Url& url, const HttpSettings& settings, Watchdog& watchdog) {
  std::optional<Error> last;
  for (const auto& address : addresses_of(url.host)) {
    if (watchdog.has_bitten()) break;
    StreamSocket socket;
    try {
      socket.connect(SocketAddress(address, static_cast<Poco::UInt16>(url.port)), timespan(settings.connect_timeout));
      socket.setNoDelay(true);
      return socket;
    } catch (const Poco::Net::ConnectionRefusedException&) {
      last = Error(ExitCode::unknown, "connection refused", "Check that the server runs and that the port is right.");
    } catch (const Poco::TimeoutException&) {
      last = Error(ExitCode::unknown, "timed out after " + to_words(settings.connect_timeout),
                   "Check the network between here and there.");
    } catch (const Poco::Exception& error) {
      last = Error(ExitCode::unknown, error.displayText(), "Check the network between here and there.");
    }
  }
  throw last.value_or(Error(ExitCode::unknown, "no address to connect to"));
}

/// CONNECT, so that TLS reaches the origin itself.
StreamSocket tunnel(StreamSocket socket, const Route& route, Watchdog& watchdog) {
  watchdog.guard(socket.impl()->sockfd());
  Poco::Net::HTTPClientSession session(socket);
  session.setKeepAlive(true);
  Poco::Net::HTTPRequest request("CONNECT", authority_of(route.origin), "HTTP/1.1");
  request.setHost(authority_of(route.origin));
  if (!route.proxy->user_info.empty()) request.set("Proxy-Authorization", "Basic " + to_base64(route.proxy->user_info));
  session.sendRequest(request);
  Poco::Net::HTTPResponse response;
  session.receiveResponse(response);
  if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK) {
    throw Error(ExitCode::unknown, "the proxy answered " + std::to_string(static_cast<int>(response.getStatus())),
                "Check the proxy and NO_PROXY.");
  }
  return session.detachSocket();
}

[[noreturn]] void refuse_handshake(const Route& route, const Poco::Exception& error) {
  if (last_tls_failure().empty())
    throw Error(ExitCode::unknown, "TLS failed: " + error.displayText(),
                "Check that the port speaks TLS 1.2 or newer.");
  throw Error(ExitCode::unknown, "its certificate for '" + route.origin.host + "' is refused: " + last_tls_failure(),
              "Name the CA that signed it (ca, certificate-authority, or SSL_CERT_FILE), or renew the certificate.");
}

StreamSocket secure(const StreamSocket& socket, const Route& route) {
  const auto& tls = route.settings.tls;
  const std::string& name = tls.server_name.empty() ? route.origin.host : tls.server_name;
  forget_tls_failure();
  try {
    SecureStreamSocket secured = SecureStreamSocket::attach(socket, name, make_tls_context(tls, route.origin.host));
    // attach returns early when a read timed out in the middle of the handshake.
    if (secured.completeHandshake() != 1) throw Poco::Net::SSLException("the handshake was not completed");
    return secured;
  } catch (const Poco::Exception& error) {
    refuse_handshake(route, error);
  }
}

}  // namespace

StreamSocket connect_route(const Route& route, Watchdog& watchdog) {
  StreamSocket socket = connect_to(route.proxy ? *route.proxy : route.origin, route.settings, watchdog);
  // Before the handshake: a TLS peer that accepts and stays silent must not hold us.
  socket.setReceiveTimeout(timespan(route.settings.read_timeout));
  socket.setSendTimeout(timespan(route.settings.read_timeout));
  watchdog.guard(socket.impl()->sockfd());
  if (route.origin.scheme != "https") return socket;
  if (route.proxy) socket = tunnel(socket, route, watchdog);
  return secure(socket, route);
}

}  // namespace baton
