// `run:` what flags, environment and file set together.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/core/time.h"

namespace baton {

/// What flags, environment and `run:` set together.
struct RunConfig {
  std::string dir = ".baton";
  std::string release = {};
  bool standalone = false;
  bool dry_run = false;
  bool observe = false;
  bool strict = false;
  bool json_output = false;
  std::string ci = "auto";
  std::string log_level = "info";
  bool json_log = false;
  bool color = true;
  std::string exit_style = "codes";
  std::optional<Duration> deadline = {};
  std::string handoff_sha256 = {};
  std::vector<std::pair<std::string, std::string>> reports = {};  ///< format → path
};

namespace config {
struct Key;
/// The keys of the section.
void add_run(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
