// The end of a container's log.
#include "common/rollout/log_tail.h"

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/wait.h"

namespace baton::rollout {
namespace {

constexpr int kLines = 20;
constexpr std::size_t kWidth = 300;

std::string read_log(Context& context, const std::string& pod, const std::string& container, kube::ContainerRun run) {
  try {
    const auto text = context.kube.logs(pod, container, kLines, run, context.stop);
    // What the kubelet answers of a container that it has cleared away already.
    return text.starts_with("unable to retrieve container logs for ") ? "" : text;
  } catch (const Error&) {
    require_running(context.stop);
    return "";
  }
}

}  // namespace

std::vector<std::string> log_tail(Context& context, const std::string& pod, const std::string& container,
                                  bool has_crashed) {
  auto text = has_crashed ? read_log(context, pod, container, kube::ContainerRun::previous) : "";
  if (trim(text).empty()) text = read_log(context, pod, container, kube::ContainerRun::current);
  std::vector<std::string> lines;
  if (trim(text).empty()) return lines;
  for (const auto& line : split(trim(text), '\n')) lines.push_back(printable(line, kWidth));
  return lines;
}

}  // namespace baton::rollout
