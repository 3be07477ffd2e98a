// What the build tells of SOP step 2a: when it ran, when its image was pushed, how large it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"
#include "common/io/files.h"

namespace baton {

/// What the build's job did not say, or not as it is read, is not known.
struct BuildRecord {
  std::string digest = {};  ///< "sha256:…"
  std::optional<Time> start = {};
  std::optional<Time> end = {};
  std::optional<Time> push = {};
  std::optional<std::int64_t> size = {};  ///< bytes
};

/// `build.json` as the build left it in the folder of handoffs; null where there is none. Throws Error{unknown} on
/// anything else than a JSON object of at most 64 KiB.
Json read_build_record(const fs::path& dir);
BuildRecord build_record_from(const Json& json);
/// The SOP's lines of the deployment log, without their stamps.
std::vector<std::string> build_lines(const BuildRecord& build);

}  // namespace baton
