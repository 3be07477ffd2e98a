// Pods that need nothing but their account, a volume to write to and the API server.
#include "tools/watch/guard_jobs.h"

#include <fmt/format.h>

#include <vector>

namespace baton::watch {
namespace {

using namespace std::chrono_literals;

constexpr int kUser = 65532;  // the image's
/// A look and, where it must be, a rollback with its waits; as long as no minute of it hangs.
constexpr std::chrono::seconds kLongest = 30min;
constexpr std::chrono::seconds kLate = 5min;  // a tick that comes later than this is the next one's work
constexpr int kKept = 5;                      // failed jobs: a night's
constexpr int kPodsOfJob = 20;                // lost with their nodes, or evicted

Json metadata(const Guard& guard, const std::string& name) {
  return Json::object({{"name", name},
                       {"namespace", guard.namespace_name},
                       {"labels", Json::object({{"app.kubernetes.io/managed-by", "baton"},
                                                {"app.kubernetes.io/instance", guard.name}})}});
}

Json object(const std::string& version, const std::string& kind, Json metadata) {
  return Json::object({{"apiVersion", version}, {"kind", kind}, {"metadata", std::move(metadata)}});
}

Json mount(const std::string& name, const std::string& path) {
  return Json::object({{"name", name}, {"mountPath", path}});
}

Json container(const Guard& guard, const std::string& step, const std::string& verb) {
  auto container = Json::object(
      {{"name", step},
       {"image", guard.image},
       {"command", Json::array({"/usr/local/bin/baton-" + step})},
       {"args", Json::array({verb, "--config=/etc/baton/baton.yaml", "--ci=none", "--exit-style=job"})},
       {"workingDir", "/work"},
       {"env", Json::array({Json::object({{"name", "TMPDIR"}, {"value", "/tmp"}}),
                            Json::object({{"name", "HOME"}, {"value", "/tmp"}})})},
       {"resources", Json::object({{"requests", Json::object({{"cpu", "50m"}, {"memory", "64Mi"}})},
                                   {"limits", Json::object({{"memory", "256Mi"}})}})},
       {"securityContext", Json::object({{"allowPrivilegeEscalation", false},
                                         {"readOnlyRootFilesystem", true},
                                         {"capabilities", Json::object({{"drop", Json::array({"ALL"})}})}})},
       {"volumeMounts", Json::array({mount("work", "/work"), mount("tmp", "/tmp"), mount("config", "/etc/baton")})}});
  if (!guard.secret.empty())
    container["envFrom"] = Json::array({Json::object({{"secretRef", Json::object({{"name", guard.secret}})}})});
  return container;
}

Json volumes(const Guard& guard) {
  auto work = Json::object({{"name", "work"}});
  if (guard.claim.empty()) {
    work["emptyDir"] = Json::object();
  } else {
    work["persistentVolumeClaim"] = Json::object({{"claimName", guard.claim}});
  }
  return Json::array({work, Json::object({{"name", "tmp"}, {"emptyDir", Json::object()}}),
                      Json::object({{"name", "config"}, {"configMap", Json::object({{"name", guard.name}})}})});
}

Json pod(const Guard& guard, const std::string& step, const std::string& verb) {
  return Json::object(
      {{"metadata", Json::object({{"labels", Json::object({{"app.kubernetes.io/instance", guard.name}})}})},
       {"spec", Json::object({{"serviceAccountName", guard.name},
                              {"restartPolicy", "Never"},
                              {"securityContext",
                               Json::object({{"runAsNonRoot", true},
                                             {"runAsUser", kUser},
                                             {"runAsGroup", kUser},
                                             {"fsGroup", kUser},
                                             {"seccompProfile", Json::object({{"type", "RuntimeDefault"}})}})},
                              {"containers", Json::array({container(guard, step, verb)})},
                              {"volumes", volumes(guard)}})}});
}

Json cron_job(const Guard& guard, const std::string& step, const std::string& verb, const std::string& schedule) {
  auto cron_job = object("batch/v1", "CronJob", metadata(guard, guard.name + "-" + step));
  const auto job = Json::object(
      {{"backoffLimit", 0}, {"activeDeadlineSeconds", kLongest.count()}, {"template", pod(guard, step, verb)}});
  cron_job["spec"] = Json::object({{"schedule", schedule},
                                   {"concurrencyPolicy", "Forbid"},
                                   {"startingDeadlineSeconds", kLate.count()},
                                   {"successfulJobsHistoryLimit", 3},
                                   {"failedJobsHistoryLimit", kKept},
                                   {"jobTemplate", Json::object({{"spec", job}})}});
  return cron_job;
}

}  // namespace

Json config_map_of(const Guard& guard) {
  auto config_map = object("v1", "ConfigMap", metadata(guard, guard.name));
  config_map["data"] = Json::object({{"baton.yaml", guard.configuration}});
  return config_map;
}

Json account_of(const Guard& guard) { return object("v1", "ServiceAccount", metadata(guard, guard.name)); }

Json watch_cron_job(const Guard& guard) { return cron_job(guard, "watch", "tick", guard.schedule); }

/// What the step itself decided is no reason to begin again; a pod that was lost is.
Json watch_job(const Guard& guard) {
  auto job = object("batch/v1", "Job", metadata(guard, guard.name + "-watch"));
  const auto decided = Json::object(
      {{"action", "FailJob"},
       {"onExitCodes", Json::object({{"operator", "In"}, {"values", Json::array({1, 2, 3, 4, 5, 6, 7})}})}});
  const auto longest = std::chrono::ceil<std::chrono::seconds>(guard.window) + kLongest;
  job["spec"] = Json::object({{"backoffLimit", kPodsOfJob},
                              {"activeDeadlineSeconds", longest.count()},
                              {"podFailurePolicy", Json::object({{"rules", Json::array({decided})}})},
                              {"template", pod(guard, "watch", "run")}});
  return job;
}

Json finalize_cron_job(const Guard& guard) {
  return cron_job(guard, "finalize", "run", "41 * * * *");  // not at full hours, when everything else comes
}

}  // namespace baton::watch
