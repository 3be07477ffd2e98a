// The one place that starts other programs: no shell, a deadline, both streams kept.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"

namespace baton {

struct ProcessRequest {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH unless it holds a '/'
  Duration timeout = std::chrono::minutes(1);
  Duration grace = std::chrono::seconds(5);  ///< from SIGTERM to SIGKILL
  std::string input = {};
  std::map<std::string, std::string> environment = {};   ///< added to ours; secrets belong here, never into argv
  std::filesystem::path folder = {};                     ///< empty: ours
  std::size_t max_output = 16U << 20U;                   ///< of each stream; what is beyond is dropped and said
  std::function<void(std::string_view)> on_output = {};  ///< each piece of stdout as it comes; then it is not kept
};

struct ProcessResult {
  int exit_code = 0;  ///< 128 + n means signal n
  std::string output;
  std::string error;
  bool truncated = false;
};

/// Runs it in a process group of its own and waits for it, not for what it left in the background. `timeout` counts
/// from the start; when it is over or `stop` is requested the group gets SIGTERM, after `grace` or once the
/// program ended SIGKILL. Throws Error{unknown} when the program cannot be started, had to be ended (says so), and
/// Error{interrupted} when stopped.
ProcessResult run_process(const ProcessRequest& request, std::stop_token stop = {});
/// The path a shell would run, if there is one.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace baton
