// baton.yaml as typed values. Each section is a file of its own: who reads one is not rebuilt for another.
#pragma once

#include <memory>
#include <string>

namespace baton {

struct KubernetesConfig;
struct DatabaseConfig;
struct MetricsConfig;
struct PrecheckConfig;
struct MigrateConfig;
struct SwitchConfig;
struct WatchConfig;
struct FinalizeConfig;
struct HooksConfig;
struct NotifyConfig;
struct HandoffConfig;
struct SigningConfig;
struct RunConfig;

/// The file's own top, and its sections, each with the SOP's defaults.
class Config {
 public:
  Config();
  ~Config();
  Config(const Config& other);
  Config& operator=(const Config& other);
  Config(Config&&) noexcept;
  Config& operator=(Config&&) noexcept;

  std::string app = {};
  std::string environment = "production";
  std::string image = {};
  std::string tag = "{{version}}";
  bool plain_http_registry = false;

  const KubernetesConfig& kubernetes() const;
  KubernetesConfig& kubernetes();
  const DatabaseConfig& database() const;
  DatabaseConfig& database();
  const MetricsConfig& metrics() const;
  MetricsConfig& metrics();
  const PrecheckConfig& precheck() const;
  PrecheckConfig& precheck();
  const MigrateConfig& migrate() const;
  MigrateConfig& migrate();
  /// `switch:` in the file.
  const SwitchConfig& rollout() const;
  SwitchConfig& rollout();
  const WatchConfig& watch() const;
  WatchConfig& watch();
  const FinalizeConfig& finalize() const;
  FinalizeConfig& finalize();
  const HooksConfig& hooks() const;
  HooksConfig& hooks();
  const NotifyConfig& notify() const;
  NotifyConfig& notify();
  const HandoffConfig& handoff() const;
  HandoffConfig& handoff();
  const SigningConfig& signing() const;
  SigningConfig& signing();
  const RunConfig& run() const;
  RunConfig& run();

 private:
  struct Sections;
  std::unique_ptr<Sections> sections_;
};

}  // namespace baton
