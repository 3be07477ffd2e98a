// The smoke set, asked where users ask (decisions 34).
#pragma once

#include <map>
#include <set>
#include <string>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Asks switch.smoke at the origins of switch.public, each time on new connections, and remembers. An entry counts from
/// the first time on that it passed there: what was never to be had from outside is nobody's fault.
class PublicSmoke {
 public:
  explicit PublicSmoke(Context& context) : context_(context) {}

  /// One look. Empty while all is well, and where nothing answers at all: then it is not the release that is silent.
  /// Else the entry that failed three looks in a row while the pods of the old colour, if there is one, pass it.
  std::string look(const Move& move);

 private:
  struct Entry {
    bool has_answered = false;  ///< anything
    std::string complaint = {};
  };

  Entry ask(std::size_t probe, const std::string& origin) const;
  bool passes_on_old(const Move& move, const std::string& id);

  Context& context_;
  std::set<std::string> known_ = {};          ///< by probe_ids
  std::map<std::string, int> failures_ = {};  ///< looks in a row
};

}  // namespace baton::rollout
