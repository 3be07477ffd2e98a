// Tags in the order of versions.
#include "tools/precheck/documentation/last_release.h"

#include "tools/precheck/documentation/version.h"

namespace baton::precheck {
namespace {

std::optional<git::Tag> newest(const std::vector<git::Tag>& tags, const std::string& release,
                               bool (*counts)(const git::Tag&)) {
  const auto own = parse_version(release);
  std::optional<git::Tag> found;
  std::optional<Version> found_version;
  for (const auto& tag : tags) {
    const auto version = version_of_tag(tag.name);
    if (!version || !version->is_final || !counts(tag)) continue;
    const bool is_below = own ? *version < *own : tag.name != release;
    if (!is_below || (found_version && *version <= *found_version)) continue;
    found = tag;
    found_version = version;
  }
  return found;
}

}  // namespace

std::optional<git::Tag> last_version(const std::vector<git::Tag>& tags, const std::string& release) {
  return newest(tags, release, [](const git::Tag&) { return true; });
}

std::optional<git::Tag> last_stable(const std::vector<git::Tag>& tags, const std::string& release) {
  auto stable = newest(tags, release, [](const git::Tag& tag) { return is_stable_tag(tag.name); });
  return stable ? stable : last_version(tags, release);
}

}  // namespace baton::precheck
