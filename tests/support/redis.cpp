// Starts redis-server without anything on disk.
#include "tests/support/redis.h"

#include "common/core/text.h"
#include "common/io/process.h"

namespace baton::test {

RedisServer::RedisServer(const std::vector<std::string>& options, const fs::path& files) : port_(free_port()) {
  const auto port = std::to_string(port_);
  const auto folder = files.empty() ? folder_.path() : files;
  std::vector<std::string> argv = {"redis-server", "--bind", "127.0.0.1",   "--dir", folder.string(), "--save", "",
                                   "--appendonly", "no",     "--daemonize", "no",    "--databases",   "4"};
  const bool is_tls = std::find(options.begin(), options.end(), "--tls-cert-file") != options.end();
  argv.insert(argv.end(), {"--port", is_tls ? "0" : port, "--tls-port", is_tls ? port : "0"});
  argv.insert(argv.end(), options.begin(), options.end());
  server_ = std::make_unique<Background>(argv, folder_.path() / "log");
  wait_for_port(port_);
}

std::string RedisServer::url(const std::string& user_info) const {
  return "redis://" + (user_info.empty() ? "" : user_info + "@") + "127.0.0.1:" + std::to_string(port_);
}

std::string RedisServer::cli(const std::vector<std::string>& words) const {
  std::vector<std::string> argv = {"redis-cli", "-p", std::to_string(port_)};
  argv.insert(argv.end(), words.begin(), words.end());
  return trim(run_process({.argv = argv}).output);
}

}  // namespace baton::test
