// Reads the evidence folder back.
#include "common/step/taken_evidence.h"

#include "common/core/digest.h"
#include "common/io/glob.h"

namespace baton {

/// A day of points at a second's step has 60 MB.
constexpr std::size_t kLargest = std::size_t{1} << 30U;

std::vector<Evidence> taken_evidence(const fs::path& folder, const std::string& about) {
  std::vector<Evidence> taken;
  for (const auto& path : find_files(folder / "evidence", "*")) {
    const Inside file = inside(folder, path);
    if (!is_file(file)) continue;
    taken.push_back({.name = "evidence/" + path.filename().string(),
                     .kind = "cluster",
                     .sha256 = sha256_hex(read_file(file, kLargest)),
                     .about = about,
                     .produced_at = to_rfc3339(modified_at(path))});
  }
  return taken;
}

}  // namespace baton
