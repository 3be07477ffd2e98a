// Lines of all steps in their order.
#include "common/step/deployment_log.h"

namespace baton {

std::vector<std::string> log_lines(const Handoff& handoff) {
  std::vector<std::string> lines;
  const Json& log = handoff.state["log"];
  if (!log.is_array()) return lines;
  for (const Json& line : log.items()) {
    if (line.is_string()) lines.push_back(line.string());
  }
  return lines;
}

std::string deployment_log(std::span<const Handoff> earlier, std::span<const std::string> own) {
  std::string text;
  for (const Handoff& handoff : earlier) {
    for (const std::string& line : log_lines(handoff)) text += line + "\n";
  }
  for (const std::string& line : own) text += line + "\n";
  return text;
}

}  // namespace baton
