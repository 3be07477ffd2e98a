// A small HTTP server: one function answers, and may go on writing for as long as somebody listens.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::sandbox {

struct Question {
  std::string method;
  std::string path;                          ///< as sent, without the query
  std::map<std::string, std::string> query;  ///< decoded
  std::string raw_query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::string header(std::string_view name) const;  ///< case-insensitive; empty when absent
  std::string parameter(const std::string& name, const std::string& fallback = {}) const;
};

/// An answer's body that is written piece by piece.
class Stream {
 public:
  Stream(std::ostream& out, std::function<bool()> is_gone) : out_(out), is_gone_(std::move(is_gone)) {}
  void write(std::string_view piece);
  /// The other side has gone, or the server is about to end.
  bool is_gone() const { return !out_.good() || is_gone_(); }

 private:
  std::ostream& out_;
  std::function<bool()> is_gone_;
};

struct Answer {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool close = false;                        ///< "Connection: close", and close it
  std::function<void(Stream&)> stream = {};  ///< instead of `body`
};

class HttpServer {
 public:
  using Handler = std::function<Answer(const Question&)>;
  /// Port 0 is a free one. `handler` is called on several threads at once and must not throw. Throws std::runtime_error
  /// when the address is taken.
  HttpServer(const std::string& address, int port, Handler handler, int threads = 64);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Cuts what is open and answers nothing more; takes a moment, until its threads have seen it.
  void stop();
  int port() const;
  int connections() const;  ///< open now, idle ones too

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "%2F" → "/"; '+' stays.
std::string percent_decode(std::string_view text);

}  // namespace baton::sandbox
