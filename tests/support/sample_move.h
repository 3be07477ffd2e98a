// A move as switch records one: shop-green took the traffic from an adopted Deployment.
#pragma once

#include "common/rollout/move.h"

namespace baton::test {

inline rollout::Move sample_move() {
  return {.id = "id-1",
          .version = "v1.6.0",
          .digest = "sha256:abc",
          .service = "shop",
          .label = "version",
          .colour = "green",
          .deployment = "shop-green",
          .previous_colour = "blue",
          .previous_deployment = "shop",
          .previous_id = "id-1",
          .previous_image = "registry/shop:v1.5.0",
          .selector_original = {{"app", "shop"}},
          .selector_before = {{"app", "shop"}, {"version", "blue"}},
          .selector_after = {{"app", "shop"}, {"version", "green"}},
          .replicas = 3,
          .adopted = true,
          .labels = true,
          .patched_at = parse_rfc3339("2025-11-04T14:15:00.250Z"),
          .phase = rollout::Phase::switching,
          .revision = 3};
}

}  // namespace baton::test
