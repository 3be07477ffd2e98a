// libs: baton_io — what a web server answers, over a real connection.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "common/core/error.h"
#include "common/io/http/client.h"

namespace {

/// Listens on a free loopback port as long as the fuzzer runs.
class Port {
 public:
  Port() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    ::bind(listener_, generic, size);
    ::listen(listener_, 16);
    ::getsockname(listener_, generic, &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  }
  const std::string& url() const { return url_; }
  /// Takes one connection, hears a piece of the request, answers and closes.
  void answer(const uint8_t* bytes, size_t size) const {
    const int connection = ::accept(listener_, nullptr, nullptr);
    std::array<char, 4096> heard{};
    ::recv(connection, heard.data(), heard.size(), 0);
    ::send(connection, bytes, size, MSG_NOSIGNAL);
    ::close(connection);
  }

 private:
  int listener_;
  std::string url_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const Port port;
  static baton::SystemClock clock;
  static baton::HttpClient http({.attempts = 1}, baton::Environment(), clock);
  const std::jthread server([&] { port.answer(bytes, size); });
  try {
    http.send({.url = port.url(), .max_body = 1U << 16U, .new_connection = true});
  } catch (const baton::Error&) {
    // no answer, or none that HTTP knows
  }
  return 0;
}
