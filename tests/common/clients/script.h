// A real HTTP server on loopback that answers as a test has written it down.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/io/http.h"

namespace baton::test {

struct Asked {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;
  /// Empty when absent.
  std::string header(std::string_view name) const;
};

struct Reply {
  int status = 200;
  Headers headers = {};
  std::string body = {};
  bool is_cut = false;  ///< closes after the body as if more were to come; without a body nothing is answered at all
};

class Script {
 public:
  /// `answer` is called for one request at a time.
  explicit Script(std::function<Reply(const Asked&)> answer);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Asked> asked() const;

 private:
  void serve(int connection);

  std::function<Reply(const Asked&)> answer_;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace baton::test
