// Evidence as a handoff lists it: all that lies there, and nothing that a link leads to.
#include "common/step/taken_evidence.h"

#include <gtest/gtest.h>

#include "common/core/digest.h"

namespace baton {
namespace {

TEST(TakenEvidenceTest, ListsEveryFileWithItsDigest) {
  const TempFolder folder;
  EXPECT_TRUE(taken_evidence(folder.path(), "sha256:abc").empty());
  write_file(folder.path() / "evidence" / "pods.json", "[]");
  write_file(folder.path() / "outside", "a secret");
  fs::create_symlink(folder.path() / "outside", folder.path() / "evidence" / "link");
  const auto taken = taken_evidence(folder.path(), "sha256:abc");
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].name, "evidence/pods.json");
  EXPECT_EQ(taken[0].sha256, sha256_hex("[]"));
  EXPECT_EQ(taken[0].about, "sha256:abc");
}

}  // namespace
}  // namespace baton
