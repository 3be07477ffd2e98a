// Evidence.
#include "common/rollout/evidence.h"

#include <functional>

#include "common/io/files.h"
#include "common/io/stop_after.h"
#include "common/io/wait.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

constexpr Duration kLimit = std::chrono::seconds(15);
constexpr int kLogLines = 2000;

class Collector {
 public:
  Collector(const std::string& folder, std::stop_token stop) : folder_(folder), stop_(std::move(stop)) {}

  void save(const std::string& name, const std::function<std::string()>& content) {
    const auto path = folder_ / name;
    if (fs::exists(path)) {
      files_.push_back(name);
      return;
    }
    if (stop_.stop_requested()) return;
    try {
      const auto text = content();
      if (text.empty()) return;
      write_file(path, text);
      files_.push_back(name);
    } catch (const Error&) {
      // One piece that cannot be had must not keep the others from being saved, nor users on the bad release.
    }
  }
  std::vector<std::string> files() const { return files_; }

 private:
  fs::path folder_;
  std::stop_token stop_;
  std::vector<std::string> files_;
};

std::string pretty(const std::vector<Json>& objects) {
  if (objects.empty()) return "";
  auto array = Json::array();
  for (const auto& object : objects) array.push_back(object);
  return to_pretty_text(array);
}

void save_logs(Context& context, Collector& collector, const Json& pod, std::stop_token stop) {
  for (const auto& status : pod["status"]["containerStatuses"].items_or_none()) {
    const auto container = status["name"].string_or("");
    const auto base = name_of(pod) + "-" + container;
    collector.save(base + ".log", [&] {
      return context.kube.logs(name_of(pod), container, kLogLines, kube::ContainerRun::current, stop);
    });
    if (status["restartCount"].integer_or(0) == 0) continue;
    collector.save(base + "-previous.log", [&] {
      return context.kube.logs(name_of(pod), container, kLogLines, kube::ContainerRun::previous, stop);
    });
  }
}

std::vector<Json> events_of(Context& context, const std::string& deployment, std::stop_token stop) {
  auto events = context.kube.list(kube::kEvents, {}, stop);
  std::erase_if(events, [&](const Json& event) {
    return !event["involvedObject"]["name"].string_or("").starts_with(deployment);
  });
  return events;
}

}  // namespace

std::vector<std::string> save_evidence(Context& context, const std::string& deployment, const std::string& folder) {
  const StopAfter timed(kLimit, context.stop);
  Collector collector(folder, timed.token());
  const auto found = context.kube.find(kube::kDeployments, deployment, context.stop);
  if (!found) return {};
  const auto pods = owned_pods(context, *found);
  collector.save(deployment + "-deployment.json", [&] { return to_pretty_text(*found); });
  collector.save(deployment + "-pods.json", [&] { return pretty(pods); });
  collector.save(deployment + "-events.json", [&] { return pretty(events_of(context, deployment, timed.token())); });
  for (const auto& pod : pods) save_logs(context, collector, pod, timed.token());
  return collector.files();
}

}  // namespace baton::rollout
