// What the contract names and this version does not have is refused by name.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/config/keys.h"
#include "common/config/later_keys.h"
#include "common/config/meant_key.h"
#include "tests/common/config/loading.h"

namespace baton {
namespace {

using test::refusal;
using test::refusal_of_set;

TEST(LaterTest, TheNearestNamedKeyIsRefusedWithItsPlace) {
  EXPECT_EQ(refusal("watch:\n  extended: {for: 6d, every: 6h}"),
            "baton.yaml:3:3: 'watch.extended' is not available in this version");
  EXPECT_EQ(refusal("watch: {limits: {database: {p95: x}}}"),
            "baton.yaml:2:18: 'watch.limits.database' is not available in this version");
  EXPECT_EQ(refusal("release_type: hotfix"), "baton.yaml:2:1: 'release_type' is not available in this version");
  EXPECT_EQ(refusal_of_set("watch.extended.for", "1m"),
            "--set watch.extended.for: 'watch.extended' is not available in this version");
}

TEST(LaterTest, EveryOneIsRefusedEvenWhenEmptyAndNoneIsAKeyOfThisVersion) {
  for (const auto later : config::keys_of_later_versions()) {
    EXPECT_EQ(refusal_of_set(std::string(later), ""),
              "--set " + std::string(later) + ": '" + std::string(later) + "' is not available in this version");
    const auto& keys = config::keys();
    EXPECT_TRUE(std::none_of(keys.begin(), keys.end(), [&](const config::Key& key) {
      return key.path == later || config::is_below(key.path, later) || config::is_below(later, key.path);
    })) << later;
  }
}

TEST(LaterTest, ChoicesOfLaterVersionsAreRefusedByName) {
  const std::pair<const char*, const char*> cases[] = {
      {"finalize.commit", "push"},
      {"finalize.commit", "pull-request"},
  };
  for (const auto& [key, value] : cases) {
    EXPECT_EQ(refusal_of_set(key, value),
              "--set " + std::string(key) + ": '" + value + "' is not available in this version");
  }
  EXPECT_EQ(refusal("notify: {to: [{email: {to: a}}]}"),
            "baton.yaml:2:15: the channel 'email' is not available in this version");
  EXPECT_EQ(refusal("notify: {incident: [{issue: gitlab}]}"),
            "baton.yaml:2:21: the channel 'issue' is not available in this version");
}

TEST(LaterTest, ChoicesOfThisVersionAreTaken) {
  EXPECT_EQ(refusal("switch: {strategy: blue-green, gitops: force, keep: 2, drain: paced}\nfinalize: {commit: none}"),
            "taken");
  EXPECT_EQ(refusal("switch: {strategy: purple}"),
            "baton.yaml:2:20: expected blue-green or canary or rolling, found 'purple'");
}

}  // namespace
}  // namespace baton
