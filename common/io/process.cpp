// Starts programs by posix_spawn in a process group of their own, feeds them, and ends them when their time is over.
#include "common/io/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/broken_pipe.h"
#include "common/io/clock.h"
#include "common/io/descriptor.h"
#include "common/io/env.h"

namespace baton {
namespace {

constexpr Duration kPoll = std::chrono::milliseconds(50);
constexpr Duration kPollWithoutStreams = std::chrono::milliseconds(5);
constexpr int kMostRests = 32;  // of 64 KiB: more than any pipe holds by default

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(ExitCode::error, std::string("cannot make a pipe: ") + std::strerror(errno));
  Pipe made{Descriptor(ends[0]), Descriptor(ends[1])};
  // Where we were started without streams of our own, 0 to 2 would be overwritten on the way to the program's.
  for (Descriptor* end : {&made.read, &made.write}) {
    if (end->number() <= STDERR_FILENO) *end = Descriptor(::fcntl(end->number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  }
  return made;
}

/// Lets a program that is being ended get rid of what it says last.
void discard(const Descriptor& stream) {
  std::array<char, 65536> piece{};
  while (stream.is_open() && ::read(stream.number(), piece.data(), piece.size()) > 0) {
  }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_of(const ProcessRequest& request) {
  auto values = Environment::of_process().all();
  for (const auto& [name, value] : request.environment) values[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : values) entries.push_back(name + "=" + value);
  return entries;
}

/// Frees what posix_spawn was told.
struct SpawnSettings {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

/// A running program and our ends of its streams.
class Child {
 public:
  explicit Child(const ProcessRequest& request) : request_(request) { start(); }
  ~Child() {
    if (pid_ > 0) end_group();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// True when the program ended by itself; false when `stop` or the timeout came first.
  bool run(const std::stop_token& stop);
  ProcessResult take() { return std::move(result_); }

 private:
  void start();
  /// Waits at most `wait` for something to read or write; true when it read something.
  bool pump(Duration wait);
  void feed();
  bool drain(Descriptor& from, std::string& to, bool is_output);
  bool has_ended() const;
  bool reap();
  void end_group();

  const ProcessRequest& request_;
  SystemClock clock_;
  Descriptor input_;
  Descriptor output_;
  Descriptor error_;
  std::size_t fed_ = 0;
  pid_t pid_ = -1;
  ProcessResult result_;
};

void Child::start() {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  SpawnSettings settings;
  posix_spawn_file_actions_adddup2(&settings.actions, in.read.number(), 0);
  posix_spawn_file_actions_adddup2(&settings.actions, out.write.number(), 1);
  posix_spawn_file_actions_adddup2(&settings.actions, err.write.number(), 2);
  if (!request_.folder.empty()) posix_spawn_file_actions_addchdir_np(&settings.actions, request_.folder.c_str());
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&settings.attributes, &none);
  posix_spawnattr_setsigdefault(&settings.attributes, &defaults);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  auto argv = request_.argv;
  auto environment = environment_of(request_);
  const int failed = ::posix_spawnp(&pid_, argv.at(0).c_str(), &settings.actions, &settings.attributes,
                                    pointers(argv).data(), pointers(environment).data());
  if (failed != 0) {
    pid_ = -1;
    throw Error(ExitCode::unknown, "cannot start '" + argv[0] + "': " + std::strerror(failed),
                "Install it, or correct PATH.");
  }
  input_ = std::move(in.write);
  output_ = std::move(out.read);
  error_ = std::move(err.read);
  for (const auto* end : {&input_, &output_, &error_}) ::fcntl(end->number(), F_SETFL, O_NONBLOCK);
}

void Child::feed() {
  const std::string_view rest = std::string_view(request_.input).substr(fed_);
  const ssize_t length = rest.empty() ? 0 : ::write(input_.number(), rest.data(), rest.size());
  if (length > 0) fed_ += static_cast<std::size_t>(length);
  const bool refused = length < 0 && errno != EAGAIN && errno != EINTR;
  if (refused || fed_ == request_.input.size()) input_.close();
}

bool Child::drain(Descriptor& from, std::string& to, bool is_output) {
  std::array<char, 65536> piece{};
  const ssize_t length = ::read(from.number(), piece.data(), piece.size());
  if (length == 0) from.close();
  if (length <= 0) return false;
  const std::string_view bytes(piece.data(), static_cast<std::size_t>(length));
  if (is_output && request_.on_output) {
    request_.on_output(bytes);
    return true;
  }
  const auto room = request_.max_output - std::min(request_.max_output, to.size());
  to += bytes.substr(0, room);
  result_.truncated = result_.truncated || bytes.size() > room;
  return true;
}

bool Child::pump(Duration wait) {
  std::array<pollfd, 3> waits = {
      {{input_.number(), POLLOUT, 0}, {output_.number(), POLLIN, 0}, {error_.number(), POLLIN, 0}}};
  ::poll(waits.data(), waits.size(), static_cast<int>(wait.count()));
  if (waits[0].revents != 0) feed();
  const bool has_output = waits[1].revents != 0 && drain(output_, result_.output, /*is_output=*/true);
  const bool has_error = waits[2].revents != 0 && drain(error_, result_.error, /*is_output=*/false);
  return has_output || has_error;
}

/// Leaves it a zombie, so that its number stays its own until its group was dealt with.
bool Child::has_ended() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == pid_;
}

/// False when nobody can tell how it ended: SIGCHLD is ignored, or somebody else waited for it.
bool Child::reap() {
  int status = 0;
  const pid_t pid = std::exchange(pid_, -1);
  if (::waitpid(pid, &status, 0) != pid) return false;
  result_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

bool Child::run(const std::stop_token& stop) {
  const Duration end = clock_.monotonic() + request_.timeout;
  while (!has_ended()) {
    if (stop.stop_requested() || clock_.monotonic() >= end) return false;
    // With both streams closed nothing wakes us at its end.
    pump(output_.is_open() || error_.is_open() ? kPoll : kPollWithoutStreams);
  }
  // What it wrote is in the pipes by now; a grandchild may hold them open for ever.
  for (int left = kMostRests; left > 0 && pump(Duration::zero()); --left) {
  }
  if (reap()) return true;
  throw Error(ExitCode::unknown, "cannot learn how '" + request_.argv.front() + "' ended: " + std::strerror(errno),
              "Do not start this with SIGCHLD ignored.");
}

void Child::end_group() {
  ::kill(-pid_, SIGTERM);
  const Duration end = clock_.monotonic() + request_.grace;
  while (!has_ended() && clock_.monotonic() < end) {
    for (const Descriptor* stream : {&output_, &error_}) discard(*stream);
    clock_.sleep_for(kPollWithoutStreams, {});
  }
  // Also when it ended itself: those that it started may not have listened.
  ::kill(-pid_, SIGKILL);
  reap();
}

}  // namespace

ProcessResult run_process(const ProcessRequest& request, std::stop_token stop) {
  ignore_broken_pipes();
  std::error_code error;
  if (!request.folder.empty() && !std::filesystem::is_directory(request.folder, error)) {
    throw Error(ExitCode::unknown,
                "cannot start '" + request.argv.front() + "' in '" + request.folder.string() + "': no such folder",
                "Make the folder, or name another.");
  }
  Child child(request);
  if (child.run(stop)) return child.take();
  if (stop.stop_requested()) throw Error(ExitCode::interrupted, "'" + request.argv.front() + "' was stopped");
  throw Error(ExitCode::unknown,
              "'" + request.argv.front() + "' did not end within " + to_words(request.timeout) + " and was ended",
              "Find out what it waits for.");
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  if (name.find('/') != std::string_view::npos) {
    const std::filesystem::path path(name);
    return ::access(path.c_str(), X_OK) == 0 ? std::optional(path) : std::nullopt;
  }
  for (const auto& folder : split(Environment::of_process().value_or("PATH", "/usr/local/bin:/usr/bin:/bin"), ':')) {
    const auto path = std::filesystem::path(folder.empty() ? "." : folder) / name;
    std::error_code error;
    if (::access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path, error)) return path;
  }
  return std::nullopt;
}

}  // namespace baton
