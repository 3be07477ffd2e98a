// A playground with all that the engine needs to move traffic in it.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"
#include "common/rollout/selector.h"
#include "tests/sandbox/fixture.h"

namespace baton::rollout {

class Ground {
 public:
  explicit Ground(const test::PlaygroundSettings& settings = {});

  /// A context of its own for a deployment; the same world.
  Context context(const std::string& id = "id-1");
  /// Brings `version` up as the next colour and moves the traffic to it, as switch does; the move is kept.
  Move release(const std::string& version, const std::string& id = "id-1");

  Labels selector();
  Json deployment(const std::string& name) { return kube.get(kube::kDeployments, name); }
  void patch_service(const std::string& merge) {
    kube.merge_patch(kube::kServices, "myapp", parse_json(merge, "test"));
  }

  test::Playground playground;
  SystemClock clock;
  kube::Client kube;
  HttpClient http;
  Config config;
  TempFolder folder;
  std::vector<std::string> said;
};

}  // namespace baton::rollout
