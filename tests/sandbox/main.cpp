// baton-sandbox: a playground for the five tools, and a load to send to it.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <thread>
#include <vector>

#include "common/core/units.h"
#include "common/io/files.h"
#include "tests/sandbox/load.h"
#include "tests/sandbox/sandbox.h"

namespace baton::sandbox {
namespace {

constexpr std::string_view kUsage = R"(usage:
  baton-sandbox serve --folder DIR [--namespace NAME] [--port N] [--registry-port N] [--release VERSION[:FAULT]]...
                      [--manifest FILE]... [--proxy-delay 0s] [--start-delay 300ms]
      Runs until SIGTERM. DIR gets kubeconfig, targets/ (Prometheus file_sd) and, when all is up, sandbox.env.
      FAULT: errors=8% latency=800ms after=30s crash-loop slow-start=20s never-ready cpu=97% memory=96%
      PUT /sandbox/releases/VERSION at the API's address changes a fault, GET /sandbox/fronts/SERVICE names its URL,
      POST /sandbox/compact forgets the watch history.
  baton-sandbox load --url URL [--rps 100] [--for 10s] [--workers 16] [--json FILE]
      Half of the requests on connections kept for 50 requests, half on fresh ones; ends early, with its counts, on SIGTERM.
)";

using Values = std::multimap<std::string, std::string>;

Values values_from(int argc, char** argv) {
  Values values;
  for (int i = 2; i < argc; i += 2) {
    if (std::string_view(argv[i]).substr(0, 2) != "--" || i + 1 >= argc)
      throw std::invalid_argument(std::string("unexpected argument ") + argv[i]);
    values.emplace(argv[i] + 2, argv[i + 1]);
  }
  return values;
}

std::string value(const Values& values, const std::string& name, const std::string& fallback) {
  const auto found = values.find(name);
  return found == values.end() ? fallback : found->second;
}

Duration duration(const Values& values, const std::string& name, const std::string& fallback) {
  const auto parsed = parse_duration(value(values, name, fallback));
  if (!parsed) throw std::invalid_argument("--" + name + " is no duration");
  return *parsed;
}

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

void write_environment(const Sandbox& sandbox, const fs::path& folder) {
  write_file(folder / "sandbox.env", "SANDBOX_API=" + sandbox.api_url() + "\nSANDBOX_REGISTRY=" + sandbox.registry() +
                                         "\nSANDBOX_PID=" + std::to_string(::getpid()) + "\n");
}

int serve(const Values& values, int signal) {
  const fs::path folder = value(values, "folder", "");
  if (folder.empty()) throw std::invalid_argument("--folder is needed");
  Timing timing;
  timing.start_delay = duration(values, "start-delay", "300ms");
  Sandbox sandbox({.folder = folder,
                   .ns = value(values, "namespace", "production"),
                   .api_port = std::stoi(value(values, "port", "0")),
                   .registry_port = std::stoi(value(values, "registry-port", "0")),
                   .proxy_delay = duration(values, "proxy-delay", "0s"),
                   .timing = timing});
  const auto [first, last] = values.equal_range("release");
  for (auto at = first; at != last; ++at) {
    const auto colon = at->second.find(':');
    sandbox.set_fault(at->second.substr(0, colon), colon == std::string::npos ? "" : at->second.substr(colon + 1));
  }
  const auto [begin, end] = values.equal_range("manifest");
  for (auto at = begin; at != end; ++at) sandbox.create(read_file(at->second));
  write_environment(sandbox, folder);
  std::cout << "baton-sandbox: " << sandbox.api_url() << ", registry " << sandbox.registry() << std::endl;
  pollfd ending{.fd = signal, .events = POLLIN, .revents = 0};
  ::poll(&ending, 1, -1);
  return 0;
}

int load(const Values& values, int signal) {
  const LoadRequest request{.url = value(values, "url", ""),
                            .rps = std::stoi(value(values, "rps", "100")),
                            .lasting = duration(values, "for", "10s"),
                            .workers = std::stoi(value(values, "workers", "16"))};
  std::stop_source early;
  const std::jthread listener([&](std::stop_token stop) {
    pollfd ending{.fd = signal, .events = POLLIN, .revents = 0};
    while (!stop.stop_requested()) {
      if (::poll(&ending, 1, 100) > 0) early.request_stop();
      if (early.stop_requested()) return;
    }
  });
  const auto counts = run_load(request, early.get_token());
  std::cout << summary(counts);
  if (const auto file = value(values, "json", ""); !file.empty()) write_file(file, to_pretty_text(to_json(counts)));
  return 0;
}

int run(int argc, char** argv) {
  const auto signals = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const int signal = ::signalfd(-1, &signals, SFD_CLOEXEC);
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "serve") return serve(values_from(argc, argv), signal);
  if (verb == "load") return load(values_from(argc, argv), signal);
  std::cerr << kUsage;
  return 2;
}

}  // namespace
}  // namespace baton::sandbox

int main(int argc, char** argv) {
  try {
    return baton::sandbox::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "baton-sandbox: " << error.what() << "\n";
    return 1;
  }
}
