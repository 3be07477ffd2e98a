// `precheck:` what is checked before anything moves.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/sections/precheck/capacity.h"
#include "common/config/sections/precheck/documentation.h"
#include "common/config/sections/precheck/image.h"
#include "common/config/sections/precheck/infrastructure.h"
#include "common/config/sections/precheck/migrations.h"
#include "common/config/sections/precheck/monitoring.h"
#include "common/config/sections/precheck/quality.h"
#include "common/config/sections/precheck/security.h"
#include "common/config/sections/precheck/staging.h"
#include "common/config/sections/precheck/team.h"
#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

/// The names in precheck.not_applicable that take away every metric: the part, its check, the check's group.
inline constexpr std::array<std::string_view, 3> kMetricsNames = {"metrics", "metrics-baseline", "monitoring"};

/// A finding that somebody lets pass for a while; decisions 22.
struct Waiver {
  std::string check = {};
  std::string reason = {};
  std::string by = {};
  std::string until = {};  ///< "2026-12-01", its last day, UTC
};

struct PrecheckConfig {
  std::string branch = "main";
  Duration max_age = 24h;
  std::map<std::string, std::string> not_applicable = {};  ///< group or check id → reason
  QualityConfig quality = {};
  InfrastructureConfig infrastructure = {};
  RehearsalConfig migrations = {};
  StagingConfig staging = {};
  SecurityConfig security = {};
  ImageConfig image = {};
  CapacityConfig capacity = {};
  DocumentationConfig documentation = {};
  TeamConfig team = {};
  MonitoringConfig monitoring = {};
  std::vector<Waiver> waivers = {};
};

namespace config {
struct Key;
/// The keys of the section.
void add_precheck(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
