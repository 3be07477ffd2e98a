// Targets and series.
#include "tests/sandbox/telemetry.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/sandbox/json_tools.h"

namespace baton::sandbox {
namespace {

constexpr double kCpuPeriod = 100'000;
constexpr int kSharesPerCore = 1024;

std::string label_name(std::string_view key) {
  std::string name;
  for (const char c : key) {
    const bool is_allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_allowed ? c : '_';
  }
  return name;
}

Json group_of(const Json& pod) {
  auto labels = Json::object();
  for (const auto& [key, value] : pod["metadata"]["labels"].members_or_none()) labels[label_name(key)] = value;
  labels["namespace"] = namespace_of(pod);
  labels["pod"] = name_of(pod);
  labels["container"] = pod["spec"]["containers"].items().front()["name"];
  const auto target = pod["status"]["podIP"].string() + ":" + std::to_string(port_of(pod));
  return Json::object({{"targets", Json::array({target})}, {"labels", std::move(labels)}});
}

std::string series(std::string_view name, const Usage& usage, double value) {
  return fmt::format("{}{{namespace=\"{}\",pod=\"{}\",container=\"{}\"}} {}\n", name, usage.ns, usage.pod,
                     usage.container, value);
}

}  // namespace

Json scrape_targets(const std::vector<Json>& pods) {
  auto groups = Json::array();
  for (const auto& pod : pods) {
    if (pod["status"]["phase"] == Json("Running") && !pod["status"]["podIP"].is_null()) groups.push_back(group_of(pod));
  }
  return groups;
}

std::string cadvisor_exposition(const std::vector<Usage>& all) {
  std::string text = "machine_cpu_cores 4\nmachine_memory_bytes 8589934592\n";
  for (const auto& usage : all) {
    text += series("container_cpu_usage_seconds_total", usage, usage.cpu_seconds);
    text += series("container_memory_working_set_bytes", usage, usage.memory_bytes);
    text += series("container_spec_memory_limit_bytes", usage, usage.memory_limit);
    text += series("container_spec_cpu_shares", usage, usage.cpu_request > 0 ? usage.cpu_request * kSharesPerCore : 2);
    if (usage.cpu_limit <= 0) continue;
    text += series("container_spec_cpu_period", usage, kCpuPeriod);
    text += series("container_spec_cpu_quota", usage, usage.cpu_limit * kCpuPeriod);
  }
  return text;
}

std::string whole_exposition(const std::vector<Usage>& all) {
  auto text = cadvisor_exposition(all);
  for (const auto& usage : all) text += usage.traffic;
  return text;
}

void TargetFolder::write_pods(const std::vector<Json>& pods) {
  auto text = to_pretty_text(scrape_targets(pods));
  if (text == written_) return;
  write_file(folder_ / "pods.json", text);
  written_ = std::move(text);
}

void TargetFolder::write_cadvisor(int port) const {
  const auto target = "127.0.0.1:" + std::to_string(port);
  write_file(folder_ / "cadvisor.json",
             to_pretty_text(Json::array({Json::object({{"targets", Json::array({target})}})})));
}

}  // namespace baton::sandbox
