// Processes and ports for tests.
#include "tests/support/background.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/support/loopback.h"

extern char** environ;

namespace baton::test {
namespace {

bool is_listening(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool connected = ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return connected;
}

void pause_for(int milliseconds) { ::poll(nullptr, 0, milliseconds); }

}  // namespace

Background::Background(const std::vector<std::string>& argv, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  const int failed = posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + argv.front());
}

Background::~Background() {
  signal(SIGTERM);
  for (int left = 300; left > 0; --left) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) return;
    pause_for(10);
  }
  signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Background::is_running() const { return ::kill(pid_, 0) == 0; }

void Background::signal(int number) const { ::kill(pid_, number); }

int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(descriptor);
  if (!bound) throw std::runtime_error("no free port on loopback");
  return ntohs(address.sin_port);
}

void wait_for_port(int port) {
  for (int left = 500; left > 0; --left) {
    if (is_listening(port)) return;
    pause_for(20);
  }
  throw std::runtime_error("nothing listens on port " + std::to_string(port));
}

}  // namespace baton::test
