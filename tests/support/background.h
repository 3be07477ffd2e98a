// A real server for a test: started on a free loopback port, ended by pid when the object goes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace baton::test {

class Background {
 public:
  /// Starts `argv` (looked up in PATH) with both streams in `log`. Throws std::runtime_error when it cannot be started.
  Background(const std::vector<std::string>& argv, const std::filesystem::path& log);
  /// SIGTERM, after three seconds SIGKILL; waits for the end.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running() const;
  void signal(int number) const;

 private:
  pid_t pid_ = -1;
};

/// A TCP port on 127.0.0.1 that nobody listens on, and that no other test gets while this process runs.
int free_port();
/// Waits until something listens there; throws std::runtime_error after ten seconds.
void wait_for_port(int port);

}  // namespace baton::test
