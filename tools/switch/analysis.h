// post-rollback-analysis-<release>.md: what was seen, what was done, where the evidence is; finalize completes it.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/rollout.h"
#include "tools/switch/course.h"

namespace baton::cutover {

/// Writes the file and names it and the evidence in the course.
void write_analysis(Passage& passage, Course& course, const rollout::Undo& undo, const std::string& reason,
                    const std::string& by);
/// Files of the evidence folder as the handoff lists them.
void add_evidence(Passage& passage, Course& course, const std::vector<std::string>& files);

}  // namespace baton::cutover
