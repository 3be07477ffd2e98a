// Poco's HTTP server behind one function.
#include "tests/sandbox/http_server.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "common/core/text.h"

namespace baton::sandbox {
namespace {

namespace net = Poco::Net;

constexpr int kBacklog = 512;

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> query;
  for (const auto& pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto value = equals == std::string::npos ? "" : replace_all(pair.substr(equals + 1), "+", " ");
    if (!pair.empty()) query[percent_decode(pair.substr(0, equals))] = percent_decode(value);
  }
  return query;
}

Question question_from(net::HTTPServerRequest& request) {
  const auto& target = request.getURI();
  const auto mark = target.find('?');
  Question question{.method = request.getMethod(), .path = target.substr(0, mark)};
  if (mark != std::string::npos) question.raw_query = target.substr(mark + 1);
  question.query = query_of(question.raw_query);
  for (const auto& [name, value] : request) question.headers.emplace_back(name, value);
  Poco::StreamCopier::copyToString(request.stream(), question.body);
  return question;
}

bool is_hung_up(net::HTTPServerRequest& request) {
  try {
    auto socket = dynamic_cast<net::HTTPServerRequestImpl&>(request).socket();
    return socket.poll(Poco::Timespan(0), net::Socket::SELECT_READ) && socket.available() == 0;
  } catch (const Poco::Exception&) {
    return true;
  }
}

class Responder final : public net::HTTPRequestHandler {
 public:
  Responder(const HttpServer::Handler& handler, const std::atomic<bool>& is_ending)
      : handler_(handler), is_ending_(is_ending) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const auto answer = handler_(question_from(request));
    response.setStatus(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
    response.setReason(net::HTTPResponse::getReasonForStatus(response.getStatus()));
    response.setContentType(answer.type);
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    if (answer.close) response.setKeepAlive(false);
    if (!answer.stream) {
      response.sendBuffer(answer.body.data(), answer.body.size());
      return;
    }
    response.setChunkedTransferEncoding(true);
    Stream stream(response.send(), [&] { return is_ending_ || is_hung_up(request); });
    answer.stream(stream);
  }

 private:
  const HttpServer::Handler& handler_;
  const std::atomic<bool>& is_ending_;
};

/// Outlives the server while connections still hold it, so it owns what they use.
class Factory final : public net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(HttpServer::Handler handler) : handler_(std::move(handler)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest& /*request*/) override {
    return new Responder(handler_, is_ending);
  }
  std::atomic<bool> is_ending = false;

 private:
  HttpServer::Handler handler_;
};

net::ServerSocket listen_on(const std::string& address, int port) {
  try {
    net::ServerSocket socket;
    socket.bind(net::SocketAddress(address, static_cast<Poco::UInt16>(port)), /*reuseAddress=*/true,
                /*reusePort=*/false);
    socket.listen(kBacklog);
    return socket;
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("cannot listen on " + address + ":" + std::to_string(port) + ": " + error.displayText());
  }
}

net::HTTPServerParams::Ptr parameters(int threads) {
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(threads);
  params->setMaxQueued(kBacklog);
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(Poco::Timespan(120, 0));
  return params;
}

}  // namespace

struct HttpServer::State {
  Poco::ThreadPool pool;
  Poco::SharedPtr<Factory> factory;
  net::HTTPServer server;

  State(net::ServerSocket socket, Handler handler, int threads)
      : pool(1, threads),
        factory(new Factory(std::move(handler))),
        server(factory, pool, socket, parameters(threads)) {}
};

HttpServer::HttpServer(const std::string& address, int port, Handler handler, int threads)
    : state_(std::make_unique<State>(listen_on(address, port), std::move(handler), threads)) {
  state_->server.start();
}

HttpServer::~HttpServer() { stop(); }

void HttpServer::stop() {
  if (state_->factory->is_ending.exchange(true)) return;
  state_->server.stopAll(/*abortCurrent=*/true);
  // What the connections share goes with the last of them: that shall be us.
  state_->pool.joinAll();
}

int HttpServer::port() const { return state_->server.port(); }
int HttpServer::connections() const { return state_->server.currentConnections() + state_->server.queuedConnections(); }

void Stream::write(std::string_view piece) {
  out_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
  out_.flush();
}

std::string Question::header(std::string_view name) const {
  const auto wanted = to_lower(name);
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return to_lower(header.first) == wanted; });
  return found == headers.end() ? "" : found->second;
}

std::string Question::parameter(const std::string& name, const std::string& fallback) const {
  const auto found = query.find(name);
  return found == query.end() ? fallback : found->second;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  try {
    Poco::URI::decode(std::string(text), decoded);
  } catch (const Poco::Exception&) {
    return std::string(text);
  }
  return decoded;
}

}  // namespace baton::sandbox
