// Times, probes, proof.
#include "common/config/sections/switch.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {
namespace {

bool is_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

void add_switch(std::vector<Key>& all) {
  using Switch = SwitchConfig;
  const auto at = [](auto& config) -> auto& { return config.rollout(); };
  const Section section(all, "switch.", at, {"switch"});
  const Section back(all, "switch.", at, {"switch", "watch"});  // a rollback needs them too
  const Section looked_at(all, "switch.", at, {"precheck", "switch", "watch"});
  section.only("strategy", "How traffic moves", "blue-green", one_of("canary", "rolling"));
  looked_at.either("gitops", "What to do with objects that Argo CD or Flux reconciles", &Switch::refuses_gitops,
                   "refuse", "force");
  back.either("adopt", "What a rollback leaves of an adoption: its labels, or nothing", &Switch::keeps_adopted, "keep",
              "undo");
  section.only("keep", "Size of the old colour while automatic rollback may need it", "full", is_digits);
  section.only("drain", "How the old colour's connections are moved after the soak", "none", one_of("paced"));
  back.key("ready_timeout", "Longest the new colour may take to be ready", &Switch::ready_timeout, positive());
  looked_at.key("soak", "How long the new colour is judged before the switch counts", &Switch::soak);
  section.key("soak_max", "How long when too few requests came to judge", &Switch::soak_max);
  back.key("verify_rollback", "How long a rollback is judged against the baseline", &Switch::verify_rollback);
  section.fills(
      back.key("public", "URLs asked after every switch and rollback, and for the proof", &Switch::public_urls), {});
  section.fills(looked_at.key("smoke", "Probes of each new pod before it gets traffic", &Switch::smoke), {});
  back.key("identify", "How an answer tells which version gave it", &Switch::identify);
}

}  // namespace baton::config
