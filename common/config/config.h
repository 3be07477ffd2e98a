// baton.yaml as typed values: one struct a section, each with the SOP's default.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/core/units.h"
#include "common/io/env.h"

namespace baton {

using namespace std::chrono_literals;

/// A server and how to talk to it; in the file a plain URL or {url, token, ca, headers}.
struct Endpoint {
  std::string url = {};
  std::string token = {};
  std::string ca = {};  ///< path of a PEM file
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct SmokeProbe {
  std::string path;
  int status = 200;
  Duration max_time = 5s;
  std::vector<std::pair<std::string, Json>> json = {};  ///< RFC 6901 pointer → expected value
  std::string kind = "health";                          ///< health, api or database: the SOP's three
};

/// How an answer tells which version gave it.
struct Identify {
  std::string header = {};
  std::string json = {};  ///< pointer into the body
  std::string path = {};  ///< empty: the first smoke path, else "/"
};

struct KubernetesConfig {
  std::string context = {};
  std::string namespace_ = {};  ///< empty: the context's, else "default"
  std::string service = {};     ///< empty: app
  std::string container = {};
  std::string manifest = {};
  std::string label = "version";
};

struct DatabaseConfig {
  std::string url = {};  ///< empty: no migrate step
  std::string direct_url = {};
  std::string migrations = "db/migrations";
};

struct MetricsConfig {
  Endpoint prometheus = {};
  std::string selector = R"(namespace="{{namespace}}",pod=~"{{pods}}")";
  Duration lag = 0s;
};

struct PrecheckConfig {
  Duration max_age = 24h;
  std::map<std::string, std::string> not_applicable = {};  ///< group or check id → reason
  double coverage_min = 80;                                ///< percent; SOP 1.1
  std::vector<std::string> coverage_reports = {};
  std::vector<std::string> unit_tests = {};  ///< globs of JUnit files
  std::vector<std::string> integration_tests = {};
  std::vector<std::string> e2e_tests = {};
  int min_tests = 1;
  std::string staging_url = {};
};

struct MigrateConfig {
  Duration budget = 5min;  ///< of all migrations together; SOP 1.3
  bool backup = true;
  std::string backup_dir = ".baton-backup";
};

struct SwitchConfig {
  Duration ready_timeout = 5min;
  Duration soak = 5min;
  Duration soak_max = 15min;
  Duration verify_rollback = 5min;
  std::vector<std::string> public_urls = {};
  std::vector<SmokeProbe> smoke = {};
  Identify identify = {};
};

struct PhaseConfig {
  Duration length{0};
  Duration every{0};
};

struct LimitRule {
  std::optional<Limit> warn = {};
  std::optional<Limit> rollback = {};
  Duration sustained{
      0};  ///< the `for` of the rule the SOP gives it to: warn of rates and latencies, rollback of resources
};

struct WatchConfig {
  Duration baseline = 1h;
  Duration step = 15s;
  PhaseConfig intensive{2h, 5min};
  PhaseConfig passive{22h, 1h};
  bool automatic_rollback = true;
  bool automatic_after_intensive = false;
  LimitRule error_rate{Limit{Limit::Kind::plus_points, 1}, Limit{Limit::Kind::plus_points, 5}, 5min};
  LimitRule latency_p95{Limit{Limit::Kind::plus_share, 20}, Limit{Limit::Kind::plus_share, 100}, 10min};
  LimitRule cpu{Limit{Limit::Kind::above, 80}, Limit{Limit::Kind::above, 95}, 5min};
  LimitRule memory{Limit{Limit::Kind::above, 85}, Limit{Limit::Kind::above, 95}, 5min};
};

struct FinalizeConfig {
  Duration scale_down_after = 24h;
  Duration delete_after = 168h;
  std::string history = "docs/deployment-history.md";
  std::string archive = "deployments/archive";
};

struct NotifyTarget {
  std::string kind;  ///< "slack" or "webhook"
  std::string url;
};

struct NotifyConfig {
  std::vector<NotifyTarget> to = {};
  std::vector<NotifyTarget> incident = {};
};

struct TrustEntry {
  std::string step = {};
  std::string key = {};  ///< path, PEM text or OpenSSH line
};

struct SigningConfig {
  std::string key = {};  ///< PEM text or path
  std::vector<TrustEntry> trust = {};
};

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
  std::optional<Duration> deadline = {};
  std::string handoff_sha256 = {};
  std::vector<std::pair<std::string, std::string>> reports = {};  ///< format → path
};

struct Config {
  std::string app;
  std::string environment = "production";
  std::string release_type = "standard";
  std::string image = {};
  std::string tag = "{{version}}";
  bool plain_http_registry = false;
  KubernetesConfig kubernetes = {};
  DatabaseConfig database = {};
  MetricsConfig metrics = {};
  PrecheckConfig precheck = {};
  MigrateConfig migrate = {};
  SwitchConfig rollout = {};  ///< `switch:` in the file
  WatchConfig watch = {};
  FinalizeConfig finalize = {};
  NotifyConfig notify = {};
  Duration precheck_valid = 4h;
  Duration migrate_valid = 2h;
  SigningConfig signing = {};
  RunConfig run = {};
};

}  // namespace baton
