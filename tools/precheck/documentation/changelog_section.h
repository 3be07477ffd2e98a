// A changelog's section of one release.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::precheck {

struct ChangelogSection {
  std::string heading;                ///< as it stands there
  int entries = 0;                    ///< items of lists; where there are none, lines that say something
  int breaking = 0;                   ///< of those, what stands below a heading on breaking changes or begins so
  std::string previous_release = {};  ///< that the next section's heading names; empty: none
};

/// Nothing where no heading names the release.
std::optional<ChangelogSection> changelog_section(std::string_view text, std::string_view release);

}  // namespace baton::precheck
