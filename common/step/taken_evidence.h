// What was taken before a bad colour went, and what a watch judged, as a handoff lists it.
#pragma once

#include <string>
#include <vector>

#include "common/handoff/handoff.h"
#include "common/io/files.h"

namespace baton {

/// Every file below `folder`/evidence with its digest, about the image `about`.
std::vector<Evidence> taken_evidence(const fs::path& folder, const std::string& about);

}  // namespace baton
