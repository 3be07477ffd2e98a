// Handoffs of one made-up deployment, for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "common/handoff/chain.h"
#include "common/handoff/handoff.h"

namespace baton::sample {

constexpr std::string_view kImage = "1111111111111111111111111111111111111111111111111111111111111111";

inline Time at(std::string_view text) { return *parse_rfc3339(text); }

inline Release release() {
  return {.app = "shop", .version = "v1.6.0", .environment = "production", .commit = "c0ffee", .id = "20251104-abc"};
}

inline Handoff handoff(const std::string& step) {
  return {.step = step,
          .subject = {"registry.example.com/shop:v1.6.0", std::string(kImage)},
          .release = release(),
          .targets = {{.cluster_uid = "uid-1", .namespace_ = "production", .database = "postgresql://db:5432/shop"}},
          .verdict = Verdict::proceed,
          .findings = {{.id = "database-reachable",
                        .sop = "1.2",
                        .title = "Database",
                        .critical = true,
                        .outcome = Outcome::pass,
                        .observed = Measured(45, "%"),
                        .expected = Expected("<", Measured(70, "%")),
                        .message = "fine",
                        .files = {"SELECT 1"},
                        .duration_ms = 12}},
          .evidence = {{"trivy.json", "trivy", std::string(kImage), "c0ffee", "2025-11-04T13:00:00Z"}},
          .state = Json::object({{"log", Json::array({"[2025-11-04 14:00:00] began"})}, {"rows", 9}}),
          .artifacts = {{"pre-deployment-checklist.md", std::string(kImage)}},
          .policy_sha256 = std::string(kImage),
          .policy_overrides = {"switch.soak"},
          .run = {.ci = "github", .id = "77", .attempt = "1"},
          .tool_name = "baton-" + step,
          .tool_version = "0.1.0",
          .started_at = at("2025-11-04T14:00:00Z"),
          .finished_at = at("2025-11-04T14:05:00.250Z"),
          .expires_at = at("2025-11-04T18:05:00Z")};
}

inline Handoff after(const std::string& step, const std::string& previous_step, const std::string& previous_sha256) {
  Handoff next = handoff(step);
  next.previous_step = previous_step;
  next.previous_sha256 = previous_sha256;
  next.artifacts.clear();
  return next;
}

}  // namespace baton::sample
