// The scripted server: one thread a connection, OpenSSL by hand.
#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <optional>
#include <stdexcept>

#include "common/core/text.h"

namespace baton::test {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Bio reader(const std::string& pem) { return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free}; }

Certificate certificate_of(const std::string& pem) {
  return {PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr), X509_free};
}

std::shared_ptr<void> make_tls(const ServerSettings& settings) {
  if (settings.identity.key_pem.empty()) return nullptr;
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(reader(settings.identity.key_pem).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  SSL_CTX_use_certificate(context.get(), certificate_of(settings.identity.certificate_pem).get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  if (settings.is_old) {
    SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  }
  if (settings.is_tls12) SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  if (!settings.client_ca.empty()) {
    // Without a name for its sessions OpenSSL breaks off whoever resumes one of these, as some real servers do.
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), certificate_of(settings.client_ca).get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

int listen_on(const std::string& address, int port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  const int listener = ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &v4.sin_addr);
  const auto* generic = is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  const socklen_t size = is_v6 ? sizeof v6 : sizeof v4;
  if (::bind(listener, generic, size) == 0 && ::listen(listener, 64) == 0) return listener;
  ::close(listener);
  throw std::runtime_error("the test server cannot listen on " + address);
}

int port_of(int listener) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);  // the port stands at the same place in both families
}

Received parse_head(std::string_view head) {
  const std::vector<std::string> lines = split(replace_all(head, "\r\n", "\n"), '\n');
  const std::vector<std::string> first = split(lines.at(0), ' ');
  Received received{.method = first.at(0), .target = first.at(1)};
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    received.headers.emplace_back(lines[i].substr(0, colon), trim(std::string_view(lines[i]).substr(colon + 1)));
  }
  return received;
}

std::string chunk(std::string_view bytes) {
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  return std::string(size.data(), end) + "\r\n" + std::string(bytes) + "\r\n";
}

std::string head_of(const Answer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& [name, value] : answer.headers) head.append(name).append(": ").append(value).append("\r\n");
  switch (answer.frame) {
    case Answer::Frame::length:
      if (answer.status != 204 && answer.status != 304)
        head += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
      break;
    case Answer::Frame::chunked:
      head += "Transfer-Encoding: chunked\r\n";
      break;
    case Answer::Frame::until_close:
      head += "Connection: close\r\n";
      break;
  }
  return head + "\r\n";
}

/// What is sent, in the pieces between which an answer may pause.
std::vector<std::string> pieces_of(const Answer& answer) {
  const bool is_paced = answer.pace.count() > 0;
  std::vector<std::string> pieces;
  const auto add = [&](std::string_view text, bool as_chunks) {
    const std::size_t size = is_paced ? 1 : std::max<std::size_t>(text.size(), 1);
    for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
      pieces.push_back(as_chunks ? chunk(text.substr(0, size)) : std::string(text.substr(0, size)));
    }
  };
  if (!answer.raw.empty()) {
    add(answer.raw, /*as_chunks=*/false);
    return pieces;
  }
  pieces.push_back(head_of(answer));
  add(answer.body, answer.frame == Answer::Frame::chunked);
  if (answer.frame == Answer::Frame::chunked) pieces.emplace_back("0\r\n\r\n");
  return pieces;
}

}  // namespace

class HttpServer::Connection {
 public:
  Connection(int socket, int number) : socket_(socket), number_(number) {}
  ~Connection() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool shake_hands(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, socket_);
    return SSL_accept(ssl_) == 1;
  }
  bool was_resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  std::optional<Received> read() {
    std::size_t end = 0;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    Received received = parse_head(std::string_view(text_).substr(0, end));
    received.connection = number_;
    if (const char* name = ssl_ != nullptr ? SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name) : nullptr)
      received.server_name = name;
    const std::string length = received.header("Content-Length");
    std::size_t size = 0;
    std::from_chars(length.data(), length.data() + length.size(), size);
    while (text_.size() < end + 4 + size) {
      if (!read_more()) return std::nullopt;
    }
    received.body = text_.substr(end + 4, size);
    text_.erase(0, end + 4 + size);
    return received;
  }
  void cut() const { ::shutdown(socket_, SHUT_RDWR); }

 private:
  bool read_more() {
    std::array<char, 16384> piece{};
    const ssize_t got =
        ssl_ != nullptr ? SSL_read(ssl_, piece.data(), piece.size()) : ::recv(socket_, piece.data(), piece.size(), 0);
    if (got > 0) text_.append(piece.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  int number_;
  SSL* ssl_ = nullptr;
  std::string text_;
};

std::string Received::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && starts_with_icase(key, name)) return value;
  }
  return {};
}

HttpServer::HttpServer(Handler handler, ServerSettings settings)
    : handler_(std::move(handler)),
      settings_(std::move(settings)),
      tls_(make_tls(settings_)),
      listener_(listen_on(settings_.address, settings_.port)),
      port_(port_of(listener_)) {
  // OpenSSL writes without MSG_NOSIGNAL, and clients of tests go away on purpose.
  ::signal(SIGPIPE, SIG_IGN);
  accepting_ = std::jthread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  }
  ended_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  ::close(listener_);
  for (const auto& connection : connections_) connection->cut();
  threads_.clear();
}

std::string HttpServer::url(const std::string& host) const {
  const std::string& name = host.empty() ? settings_.address : host;
  const bool is_v6 = name.find(':') != std::string::npos;
  return (tls_ ? "https://" : "http://") + (is_v6 ? "[" + name + "]" : name) + ":" + std::to_string(port_);
}

std::vector<Received> HttpServer::received() const {
  const std::scoped_lock lock(mutex_);
  return received_;
}

void HttpServer::close_connections() {
  const std::scoped_lock lock(mutex_);
  for (const auto& connection : connections_) connection->cut();
}

void HttpServer::accept_all() {
  for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    // Head and body are two writes: without it the second waits for the client's delayed acknowledgement.
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto connection = std::make_shared<Connection>(socket, ++accepted_);
    const std::scoped_lock lock(mutex_);
    if (is_over_) return;
    connections_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(*connection); });
  }
}

void HttpServer::serve(Connection& connection) {
  ++open_;
  talk(connection);
  --open_;
  connection.cut();
}

void HttpServer::talk(Connection& connection) {
  if (tls_ && !connection.shake_hands(static_cast<SSL_CTX*>(tls_.get()))) return;
  if (tls_) ++handshakes_;
  if (connection.was_resumed()) ++resumptions_;
  if (!connection.write(settings_.greeting)) return;
  while (const std::optional<Received> received = connection.read()) {
    {
      const std::scoped_lock lock(mutex_);
      received_.push_back(*received);
    }
    if (!answer(connection, handler_(*received))) break;
  }
}

bool HttpServer::answer(Connection& connection, const Answer& answer) {
  if (answer.delay.count() > 0 && !pause_for(answer.delay)) return false;
  std::size_t left = answer.cut_after;
  for (const std::string& piece : pieces_of(answer)) {
    const std::string_view now = std::string_view(piece).substr(0, left);
    if (!connection.write(now) || now.size() < piece.size()) return false;
    left -= std::min(left, answer.cut_after == std::string::npos ? 0 : piece.size());
    if (answer.pace.count() > 0 && !pause_for(answer.pace)) return false;
  }
  if (answer.is_silent) {
    pause_for(std::chrono::hours(1));
    return false;
  }
  return !answer.is_last && answer.cut_after == std::string::npos && answer.frame != Answer::Frame::until_close;
}

bool HttpServer::pause_for(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !ended_.wait_for(lock, duration, [this] { return is_over_; });
}

}  // namespace baton::test
