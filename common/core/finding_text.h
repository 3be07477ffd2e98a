// How a finding is worded for people: in one place, for terminals, annotations, Markdown and JUnit.
#pragma once

#include <string>

#include "common/core/finding.h"

namespace baton {

/// What was seen, what was expected where it was not met, and the message:
/// "2 nodes (expected all Ready); node b is not ready". Empty where nothing is known.
std::string seen_text(const Finding& finding);
/// A line that can be searched for: "1.2 nodes-ready: 2 nodes (expected all Ready); node b is not ready [nodes.json]".
std::string finding_text(const Finding& finding);
/// A line of a document: "Nodes ready: 2 nodes (expected all Ready); node b is not ready".
std::string finding_line(const Finding& finding);

}  // namespace baton
