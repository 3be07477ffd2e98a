// The sections, held together.
#include "common/config/config.h"

#include "common/config/sections/database.h"
#include "common/config/sections/finalize.h"
#include "common/config/sections/handoff.h"
#include "common/config/sections/hooks.h"
#include "common/config/sections/kubernetes.h"
#include "common/config/sections/metrics.h"
#include "common/config/sections/migrate.h"
#include "common/config/sections/notify.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/run.h"
#include "common/config/sections/signing.h"
#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"

namespace baton {

struct Config::Sections {
  KubernetesConfig kubernetes = {};
  DatabaseConfig database = {};
  MetricsConfig metrics = {};
  PrecheckConfig precheck = {};
  MigrateConfig migrate = {};
  SwitchConfig rollout = {};
  WatchConfig watch = {};
  FinalizeConfig finalize = {};
  HooksConfig hooks = {};
  NotifyConfig notify = {};
  HandoffConfig handoff = {};
  SigningConfig signing = {};
  RunConfig run = {};
};

Config::Config() : sections_(std::make_unique<Sections>()) {}
Config::~Config() = default;
Config::Config(const Config& other)
    : app(other.app),
      environment(other.environment),
      image(other.image),
      tag(other.tag),
      plain_http_registry(other.plain_http_registry),
      sections_(std::make_unique<Sections>(*other.sections_)) {}
Config& Config::operator=(const Config& other) { return *this = Config(other); }
Config::Config(Config&&) noexcept = default;
Config& Config::operator=(Config&&) noexcept = default;

const KubernetesConfig& Config::kubernetes() const { return sections_->kubernetes; }
KubernetesConfig& Config::kubernetes() { return sections_->kubernetes; }
const DatabaseConfig& Config::database() const { return sections_->database; }
DatabaseConfig& Config::database() { return sections_->database; }
const MetricsConfig& Config::metrics() const { return sections_->metrics; }
MetricsConfig& Config::metrics() { return sections_->metrics; }
const PrecheckConfig& Config::precheck() const { return sections_->precheck; }
PrecheckConfig& Config::precheck() { return sections_->precheck; }
const MigrateConfig& Config::migrate() const { return sections_->migrate; }
MigrateConfig& Config::migrate() { return sections_->migrate; }
const SwitchConfig& Config::rollout() const { return sections_->rollout; }
SwitchConfig& Config::rollout() { return sections_->rollout; }
const WatchConfig& Config::watch() const { return sections_->watch; }
WatchConfig& Config::watch() { return sections_->watch; }
const FinalizeConfig& Config::finalize() const { return sections_->finalize; }
FinalizeConfig& Config::finalize() { return sections_->finalize; }
const HooksConfig& Config::hooks() const { return sections_->hooks; }
HooksConfig& Config::hooks() { return sections_->hooks; }
const NotifyConfig& Config::notify() const { return sections_->notify; }
NotifyConfig& Config::notify() { return sections_->notify; }
const HandoffConfig& Config::handoff() const { return sections_->handoff; }
HandoffConfig& Config::handoff() { return sections_->handoff; }
const SigningConfig& Config::signing() const { return sections_->signing; }
SigningConfig& Config::signing() { return sections_->signing; }
const RunConfig& Config::run() const { return sections_->run; }
RunConfig& Config::run() { return sections_->run; }

}  // namespace baton
