// Due times, history, archive.
#include "common/config/sections/finalize.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {

void add_finalize(std::vector<Key>& all) {
  using Finalize = FinalizeConfig;
  const Section section(all, "finalize.", [](auto& config) -> auto& { return config.finalize(); }, {"finalize"});
  section.key("scale_down_after", "When the old colour goes to 0 replicas, from the proved switch",
              &Finalize::scale_down_after);
  section.key("delete_after", "When it is deleted", &Finalize::delete_after);
  section.key("history", "Deployment history", &Finalize::history);
  section.key("archive", "Archive folder", &Finalize::archive);
  section.only("commit", "Whether history and archive are committed", "none", one_of("push", "pull-request"));
}

}  // namespace baton::config
