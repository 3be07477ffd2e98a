// The whole file: every key of this version, and every key the contract names.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "common/config/keys.h"
#include "common/config/later_keys.h"
#include "common/config/loaded.h"
#include "common/config/loader.h"
#include "common/io/files.h"
#include "tests/common/config/loading.h"
#include "tests/support/places.h"

namespace baton {
namespace {

const std::set<std::string, std::less<>> kHaveOneChoice = {"finalize.commit"};

TEST(FullTest, EveryKeyOfThisVersionCanBeSetInTheFile) {
  const std::string path = test::source_folder() / "tests/common/config/full.yaml";
  const test::Variables variables = {{"DATABASE_URL", "postgresql://app:pw@db:5432/shop"},
                                     {"PROMETHEUS_TOKEN", "t"},
                                     {"HOOK_TOKEN", "t"},
                                     {"SLACK_WEBHOOK", "https://hooks.slack.example/x"},
                                     {"BATON_SIGNING_KEY", "keys/ci.key"}};
  const LoadedConfig full = load_config({.name = "full.yaml", .text = read_file(path)}, Environment(variables));
  const LoadedConfig defaults = load_config({.text = "app: other"}, {});
  for (const auto& key : config::keys()) {
    EXPECT_TRUE(full.origin(key.path).starts_with("full.yaml:")) << key.path;
    if (kHaveOneChoice.contains(key.path)) continue;
    EXPECT_NE(full.entries.at(key.path).text, defaults.entries.at(key.path).text) << key.path << " was not taken";
  }
}

/// contract.md, section 4, and its `run:`.
constexpr const char* kOfTheContract[] = {
    "app",
    "environment",
    "release_type",
    "image",
    "tag",
    "registry.plain_http",
    "kubernetes.context",
    "kubernetes.namespace",
    "kubernetes.service",
    "kubernetes.container",
    "kubernetes.manifest",
    "kubernetes.label",
    "kubernetes.port",
    "kubernetes.services",
    "kubernetes.workers",
    "database.url",
    "database.direct_url",
    "database.migrations",
    "metrics.prometheus",
    "metrics.selector",
    "metrics.lag",
    "precheck.branch",
    "precheck.max_age",
    "precheck.not_applicable",
    "precheck.quality.review",
    "precheck.quality.coverage.min",
    "precheck.quality.coverage.reports",
    "precheck.quality.tests.unit",
    "precheck.quality.tests.integration",
    "precheck.quality.tests.e2e",
    "precheck.quality.tests.min_tests",
    "precheck.quality.vulnerabilities",
    "precheck.quality.performance",
    "precheck.infrastructure",
    "precheck.migrations",
    "precheck.staging.url",
    "precheck.staging.kubernetes",
    "precheck.staging.e2e",
    "precheck.staging.smoke",
    "precheck.staging.performance",
    "precheck.security",
    "precheck.image",
    "precheck.capacity",
    "precheck.documentation",
    "precheck.team",
    "precheck.monitoring",
    "precheck.waivers",
    "migrate.budget",
    "migrate.max_wait",
    "migrate.lock_timeout",
    "migrate.backup",
    "migrate.backup_dir",
    "migrate.backup_command",
    "migrate.backup_max",
    "migrate.backup_keep",
    "migrate.verify",
    "migrate.batch",
    "migrate.command",
    "migrate.job",
    "switch.strategy",
    "switch.ready_timeout",
    "switch.gitops",
    "switch.adopt",
    "switch.soak",
    "switch.verify_rollback",
    "switch.soak_max",
    "switch.keep",
    "switch.drain",
    "switch.public",
    "switch.smoke",
    "switch.rehearsal",
    "switch.identify",
    "switch.canary.steps",
    "switch.canary.hold",
    "switch.canary.traffic",
    "switch.canary.route",
    "switch.canary.testers",
    "watch.baseline",
    "watch.step",
    "watch.warm_up",
    "watch.intensive.for",
    "watch.intensive.every",
    "watch.passive.for",
    "watch.passive.every",
    "watch.extended",
    "watch.rollback",
    "watch.rollback_after_intensive",
    "watch.metrics.error_rate",
    "watch.metrics.latency_p95",
    "watch.metrics.latency_p99",
    "watch.metrics.request_rate",
    "watch.metrics.request_drop",
    "watch.metrics.cpu",
    "watch.metrics.memory",
    "watch.metrics.disk_io",
    "watch.metrics.network",
    "watch.limits.error_rate.warn",
    "watch.limits.error_rate.for",
    "watch.limits.error_rate.rollback",
    "watch.limits.error_rate.confirm",
    "watch.limits.latency_p95.warn",
    "watch.limits.latency_p95.for",
    "watch.limits.latency_p95.rollback",
    "watch.limits.latency_p95.floor",
    "watch.limits.cpu.warn",
    "watch.limits.cpu.for",
    "watch.limits.cpu.rollback",
    "watch.limits.memory.warn",
    "watch.limits.memory.for",
    "watch.limits.memory.rollback",
    "watch.limits.request_drop.warn",
    "watch.limits.request_drop.for",
    "watch.calibration",
    "watch.limits.database",
    "watch.limits.tickets",
    "watch.custom",
    "watch.feedback",
    "finalize.scale_down_after",
    "finalize.delete_after",
    "finalize.tag_stable_after",
    "finalize.history",
    "finalize.archive",
    "finalize.commit",
    "hooks.before_stage",
    "hooks.after_stage",
    "hooks.before_rollback",
    "notify.to",
    "notify.incident",
    "notify.heartbeat",
    "handoff.precheck_valid",
    "handoff.migrate_valid",
    "signing.key",
    "signing.trust",
    "run.dir",
    "run.release",
    "run.output",
    "run.report",
    "run.ci",
    "run.deadline",
    "run.exit_style",
    "run.strict",
    "run.log_level",
    "run.log_format",
    "run.no_color",
};

TEST(FullTest, TheContractsKeysAreKnownOrRefusedByNameAndThereAreNoOthers) {
  std::set<std::string, std::less<>> ours;
  for (const auto& key : config::keys()) ours.insert(key.path);
  for (const auto later : config::keys_of_later_versions()) ours.emplace(later);
  const std::set<std::string, std::less<>> theirs(std::begin(kOfTheContract), std::end(kOfTheContract));
  EXPECT_EQ(ours, theirs);
}

}  // namespace
}  // namespace baton
