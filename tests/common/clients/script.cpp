// Speaks just enough HTTP: one request a connection.
#include "tests/common/clients/script.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "common/core/text.h"

namespace baton::test {
namespace {

/// Reads until `text` holds `size` characters, or all the peer sends.
void fill(int connection, std::string& text, const std::function<bool()>& is_enough) {
  std::array<char, 16384> piece{};
  while (!is_enough()) {
    const ssize_t got = ::recv(connection, piece.data(), piece.size(), 0);
    if (got <= 0) return;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Asked parse_head(std::string_view head) {
  const std::vector<std::string> lines = split(replace_all(head, "\r\n", "\n"), '\n');
  const std::vector<std::string> first = split(lines.at(0), ' ');
  Asked asked{.method = first.at(0), .target = first.at(1), .headers = {}, .body = {}};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    asked.headers.emplace_back(lines[i].substr(0, colon), trim(std::string_view(lines[i]).substr(colon + 1)));
  }
  return asked;
}

std::optional<Asked> read_request(int connection) {
  std::string text;
  fill(connection, text, [&] { return text.find("\r\n\r\n") != std::string::npos; });
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  Asked asked = parse_head(std::string_view(text).substr(0, end));
  const std::string length = asked.header("Content-Length");
  std::size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  fill(connection, text, [&] { return text.size() >= end + 4 + size; });
  asked.body = text.substr(end + 4);
  return asked;
}

std::string to_wire(const Reply& reply) {
  const std::size_t announced = reply.body.size() + (reply.is_cut ? 1000 : 0);
  std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\nConnection: close\r\n";
  for (const auto& [name, value] : reply.headers) text.append(name).append(": ").append(value).append("\r\n");
  if (reply.status != 204) text += "Content-Length: " + std::to_string(announced) + "\r\n";
  return text + "\r\n" + reply.body;
}

}  // namespace

std::string Asked::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && starts_with_icase(key, name)) return value;
  }
  return {};
}

Script::Script(std::function<Reply(const Asked&)> answer) : answer_(std::move(answer)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool is_listening = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0 &&
                            ::getsockname(listener_, generic, &size) == 0;
  if (!is_listening) throw std::runtime_error("the scripted server cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] {
    for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(connection)) {
      serve(connection);
    }
  });
}

Script::~Script() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void Script::serve(int connection) {
  const std::optional<Asked> asked = read_request(connection);
  if (!asked) return;
  {
    const std::scoped_lock lock(mutex_);
    asked_.push_back(*asked);
  }
  const Reply reply = answer_(*asked);
  if (reply.is_cut && reply.body.empty()) return;
  const std::string text = to_wire(reply);
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

std::vector<Asked> Script::asked() const {
  const std::scoped_lock lock(mutex_);
  return asked_;
}

}  // namespace baton::test
