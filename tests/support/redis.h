// A real Redis on a free loopback port.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/io/files.h"
#include "tests/support/background.h"

namespace baton::test {

class RedisServer {
 public:
  /// `options` as on its command line: {"--requirepass", "…"}. Needs Debian's redis-server package. `files`: a folder
  /// with a data set (dump.rdb) that it reads as it starts; empty: one of its own, empty.
  explicit RedisServer(const std::vector<std::string>& options = {}, const fs::path& files = {});

  int port() const { return port_; }
  /// "redis://127.0.0.1:34567"; `user_info` before the '@' when given.
  std::string url(const std::string& user_info = {}) const;
  /// What redis-cli prints, run without a password.
  std::string cli(const std::vector<std::string>& words) const;

 private:
  TempFolder folder_;
  int port_;
  std::unique_ptr<Background> server_;
};

}  // namespace baton::test
