// The pods behind the Service on staging, and what runs in each.
#pragma once

#include <string>
#include <vector>

#include "common/core/time.h"
#include "common/rollout/context.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

struct StagingContainer {
  std::string name;
  std::string digest = {};  ///< "sha256:…" of its image, as the node says; empty: it does not
  std::string pinned = {};  ///< likewise, as its spec asks for; of an image index nodes may say that of one platform
  bool is_running = false;
  int restarts = 0;
};

struct StagingPod {
  std::string name;
  bool is_ready = false;
  std::vector<StagingContainer> containers = {};

  /// Those that run this image, by either.
  std::vector<StagingContainer> running(std::string_view digest) const;
};

/// All that are not on their way out, ready or not; one at least. Throws Error{unknown} where there is no such Service,
/// it selects nobody, or nobody is there.
std::vector<StagingPod> staging_pods(const Look& look, rollout::Context& staging);

/// The digest that the registry has under the release's tag. Throws Error{unknown} where it has none.
const std::string& digest_of_release(const Look& look);
/// "sha256:0123456789ab", for people.
std::string short_digest(std::string_view digest);

}  // namespace baton::precheck
