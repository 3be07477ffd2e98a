// The HTTP client's way to a verified socket, without its HTTP.
#include "common/io/connection.h"

#include <array>

#include "common/io/http/connect.h"
#include "common/io/http/no_answer.h"

namespace baton {

struct Connection::State {
  State(ConnectionSettings given, std::stop_token stop)
      : settings(std::move(given)),
        http{.connect_timeout = settings.connect_timeout, .read_timeout = settings.deadline, .tls = settings.tls},
        watchdog(settings.deadline, settings.deadline, std::move(stop)) {}

  /// What goes wrong leaves it as an Error that names the peer.
  template <typename Work>
  auto guarded(Work work) {
    try {
      return on_the_wire(settings.shown, watchdog, work);
    } catch (const Unanswered& failure) {
      throw to_error(failure.why(), settings.shown, settings.origin);
    }
  }

  ConnectionSettings settings;
  HttpSettings http;
  Watchdog watchdog;
  std::optional<Poco::Net::StreamSocket> socket = {};
};

Connection::Connection(ConnectionSettings settings, std::stop_token stop)
    : state_(std::make_unique<State>(std::move(settings), std::move(stop))) {
  state_->guarded([this] {
    const Route route{.origin = {.scheme = state_->settings.is_tls ? "https" : "http",
                                 .host = state_->settings.host,
                                 .port = state_->settings.port},
                      .proxy = state_->settings.proxy,
                      .settings = state_->http,
                      .may_resume = false};
    state_->socket = connect_route(route, state_->watchdog);
  });
}

Connection::~Connection() { state_->watchdog.release(); }

void Connection::send(std::string_view bytes) {
  state_->guarded([&] {
    for (std::string_view left = bytes; !left.empty();) {
      const int sent = state_->socket->sendBytes(left.data(), static_cast<int>(left.size()));
      if (sent <= 0) throw Unanswered({.reason = "the connection was closed"});
      left.remove_prefix(static_cast<std::size_t>(sent));
    }
  });
}

std::string Connection::receive() {
  return state_->guarded([&] {
    constexpr std::size_t kPiece = 16U << 10U;
    std::array<char, kPiece> piece{};
    const int length = state_->socket->receiveBytes(piece.data(), static_cast<int>(piece.size()));
    // The watchdog's shutdown looks like the peer's.
    if (const auto failure = bitten(state_->watchdog)) throw Unanswered(*failure);
    return std::string(piece.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  });
}

}  // namespace baton
