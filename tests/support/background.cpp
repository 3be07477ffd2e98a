// Processes and ports for tests.
#include "tests/support/background.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <random>
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

// Below those that connections get for themselves, which come and go while a server starts.
constexpr int kFirstPort = 10'000;
constexpr int kLastPort = 19'999;

/// Tests run side by side: a name of the port's stands for as long as this process does.
bool is_claimed_now(int port) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const auto text = "baton-test-port-" + std::to_string(port);
  text.copy(&name.sun_path[1], sizeof name.sun_path - 1);  // the first byte stays 0: no file
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  const bool is_ours = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&name), size) == 0;
  if (!is_ours) ::close(descriptor);
  return is_ours;
}

bool can_bind(int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  const bool can = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(descriptor);
  return can;
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

bool Background::is_running() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != pid_;
}

void Background::signal(int number) const { ::kill(pid_, number); }

int free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> among(kFirstPort, kLastPort);
  for (int left = 1000; left > 0; --left) {
    const int port = among(random);
    if (is_claimed_now(port) && can_bind(port)) return port;
  }
  throw std::runtime_error("no free port on loopback");
}

void wait_for_port(int port) {
  for (int left = 500; left > 0; --left) {
    if (is_listening(port)) return;
    pause_for(20);
  }
  throw std::runtime_error("nothing listens on port " + std::to_string(port));
}

}  // namespace baton::test
