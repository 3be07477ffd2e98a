// From a text that an engine found to what may be a secret: the structure around it, and its proof.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tools/precheck/secrets/engine.h"
#include "tools/precheck/secrets/file_kind.h"
#include "tools/precheck/secrets/matcher.h"

namespace baton::precheck::secrets {

/// Engine, rules and anchors, made once a thread.
struct Rulebook {
  explicit Rulebook(const std::vector<Rule>& rules);
  /// With an engine of one's own.
  Rulebook(const std::vector<Rule>& rules, std::unique_ptr<Engine> (*make)(const std::vector<Anchor>&));

  const std::vector<Rule>& rules;
  std::vector<Anchor> anchors;
  std::unique_ptr<Engine> engine;
};

struct Hit {
  const Rule* rule = nullptr;
  Found found = {};
  Severity severity = Severity::live;
  int rank = 0;  ///< of hits on the same bytes the lowest counts
};

/// Adds what `candidate` comes to: nothing, or a hit of each rule that fits. `is_text` is false of a program's bytes,
/// where words say nothing.
void judge(const Rulebook& book, const Candidate& candidate, std::string_view block, const FileKind& kind, bool is_text,
           std::vector<Hit>& hits);
/// Leaves of those on the same bytes the one that knows most, in their order in the block.
void resolve(std::vector<Hit>& hits);

}  // namespace baton::precheck::secrets
