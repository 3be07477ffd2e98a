// Evidence.
#include "common/rollout/evidence.h"

#include <fmt/format.h>

#include <functional>

#include "common/core/secrets.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "common/io/stop_after.h"
#include "common/io/wait.h"
#include "common/rollout/masked.h"
#include "common/rollout/pods.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

constexpr Duration kLimit = std::chrono::seconds(15);
constexpr int kLogLines = 2000;
constexpr unsigned kOwnerOnly = 0600;  // logs say what they like
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

class Collector {
 public:
  Collector(fs::path folder, std::stop_token stop) : folder_(std::move(folder)), stop_(std::move(stop)) {}

  void save(const std::string& wanted, const std::function<std::string()>& content) {
    const auto name = evidence_name(wanted);
    // The folder may be anyone's too: it is looked at from the one above.
    const Inside file = inside(folder_.parent_path(), folder_ / name);
    if (is_file(file)) {
      files_.push_back(name);
      return;
    }
    if (stop_.stop_requested()) return;
    try {
      const auto text = content();
      if (text.empty()) return;
      write_file(file, without_secrets(text), kOwnerOnly);
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
  for (const auto& object : objects) array.push_back(masked(object));
  return to_pretty_text(array);
}

void save_logs(Context& context, Collector& collector, const Json& pod, std::stop_token stop) {
  auto statuses = pod["status"]["initContainerStatuses"].items_or_none();
  const auto& others = pod["status"]["containerStatuses"].items_or_none();
  statuses.insert(statuses.end(), others.begin(), others.end());
  for (const auto& status : statuses) {
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

std::string evidence_name(std::string name) {
  for (char& letter : name) {
    if (kLetters.find(letter) == std::string_view::npos) letter = '_';
  }
  if (name.starts_with('.')) name.front() = '_';
  return name;
}

std::vector<std::string> save_evidence(Context& context, const Move& move, const std::string& folder) {
  const StopAfter timed(kLimit, context.stop);
  Collector collector(folder, timed.token());
  const auto found = find_workload(context, move);
  if (!found) return {};
  const auto& name = move.deployment;
  const auto pods = owned_pods(context, *found, PodDetail::whole);
  collector.save(fmt::format("{}-{}.json", name, to_lower(workloads_of(move).kind)),
                 [&] { return to_pretty_text(masked(*found)); });
  collector.save(name + "-pods.json", [&] { return pretty(pods); });
  collector.save(name + "-events.json", [&] { return pretty(events_of(context, name, timed.token())); });
  for (const auto& pod : pods) save_logs(context, collector, pod, timed.token());
  return collector.files();
}

}  // namespace baton::rollout
