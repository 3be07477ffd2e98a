// The data plane's proof: which version answers on new connections, asked where users ask.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/context.h"

namespace baton::rollout {

/// From where the proof can be made.
struct Vantage {
  enum class Kind { nowhere, cluster_ip, public_urls } kind = Kind::nowhere;
  std::vector<std::string> urls = {};
  std::string why_not = {};  ///< of nowhere
};
std::string_view vantage_name(Vantage::Kind kind);

/// Asks switch.public, else the Service's cluster IP, before anything moves: what does not answer as the live version
/// (`serving`, as its pods say it) cannot prove anything afterwards. `serving` nothing: any version will do, for a
/// rollback away from a release that answers as it likes. `pods` are behind the Service.
Vantage find_vantage(Context& context, const Json& service, const std::vector<Json>& pods,
                     const std::optional<std::string>& serving);

/// How many answers in a row show with probability .99 that no stale backend is left among `backends`.
int answers_needed(int backends);

struct Proof {
  /// Of too few answers in time none was wrong, or none lately: no reason to go back.
  enum class State { proved, not_proved, too_few, impossible } state = State::impossible;
  std::optional<Duration> last_old = {};  ///< when the other version was heard last, since `from`
  std::optional<Duration> proved = {};  ///< the last of the answers needed, since `from`; of several addresses the last
  int answers = 0;
  int strangers = 0;  ///< answers that did not say their version, or none came
  std::string message = {};
};
struct ProofRequest {
  std::string expected;  ///< version that must answer
  std::string other;     ///< version that must not
  int backends = 2;
  Duration from{0};  ///< of the patch, on the monotonic clock
  Duration limit = std::chrono::seconds(30);
  /// Called after each answer of the other version, from several threads; throws when somebody else moved the traffic.
  std::function<void()> still_ours = {};
};
/// Asks on many connections at once.
Proof prove_data_plane(Context& context, const Vantage& vantage, const ProofRequest& request);

/// switch.public answers with a success; unknown when none is configured.
Finding ask_public(Context& context);

}  // namespace baton::rollout
