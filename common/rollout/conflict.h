// Compare-and-swap: telling a lost race from a real refusal, and trying again.
#pragma once

#include "common/clients/kube/client.h"

namespace baton::rollout {

/// A failed `test` or a stale resourceVersion: somebody else wrote first, and nothing was changed.
inline bool is_lost_race(const kube::ApiError& error) { return error.status() == 409 || error.status() == 422; }

/// Reads and writes in `attempt` until no one else was faster; at the tenth lost race the last one is thrown, which is
/// also how a real refusal (422) comes out. Likewise at the fourth answer that does not say whether the write was
/// carried out: reading again tells.
template <class Attempt>
auto until_not_lost(Attempt attempt) {
  constexpr int kRaces = 10;
  constexpr int kBlips = 4;
  for (int race = 1, blip = 1;;) {
    try {
      return attempt();
    } catch (const kube::ApiError& error) {
      const bool is_blip = kube::is_blip(error.status());
      if (!is_blip && !is_lost_race(error)) throw;
      if (is_blip ? blip++ == kBlips : race++ == kRaces) throw;
    }
  }
}

}  // namespace baton::rollout
