// Words of people: whose they are, and about which deployment.
#include "common/step/attestations.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/env_scene.h"

namespace baton {
namespace {

using test::EnvScene;

constexpr const char* kGood =
    "id: id-1\nattestations:\n- {box: runbook, says: no change needed, by: jo, at: 2026-03-01T11:00:00Z}\n";

Attested read(const std::string& text) {
  EnvScene scene;
  write_file(scene.env.dir / "attestations.yaml", text);
  return read_attestations(scene.env);
}

TEST(AttestationsTest, AreReadWithWhoAndWhenAndAreEvidence) {
  const auto read_in = read(kGood);
  ASSERT_EQ(read_in.all.size(), 1U);
  EXPECT_EQ(read_in.all[0].box, "runbook");
  EXPECT_EQ(read_in.all[0].says, "no change needed");
  EXPECT_EQ(read_in.all[0].by, "jo");
  EXPECT_EQ(to_rfc3339(read_in.all[0].at), "2026-03-01T11:00:00Z");
  ASSERT_EQ(read_in.evidence.size(), 1U);
  EXPECT_EQ(read_in.evidence[0].about, "id-1");
  EXPECT_EQ(read_in.evidence[0].sha256.size(), 64U);
}

TEST(AttestationsTest, AreBoundToTheirDeployment) {
  const auto other = read("id: id-2\nattestations: [{box: runbook, says: a, by: b, at: 2026-03-01T11:00:00Z}]\n");
  EXPECT_TRUE(other.all.empty());
  EXPECT_TRUE(other.evidence.empty());
  EXPECT_NE(other.why_not.find("'id-2'"), std::string::npos);
}

TEST(AttestationsTest, WhatIsSaidOfTheFutureDoesNotCount) {
  EXPECT_TRUE(read("id: id-1\nattestations: [{box: runbook, says: a, by: b, at: 2026-03-01T12:00:01Z}]\n").all.empty());
  EXPECT_EQ(read("id: id-1\nattestations: [{box: runbook, says: a, by: b, at: 2026-03-01T12:00:00Z}]\n").all.size(),
            1U);
}

TEST(AttestationsTest, NoFileSaysNothing) {
  EnvScene scene;
  const auto nothing = read_attestations(scene.env);
  EXPECT_TRUE(nothing.all.empty());
  EXPECT_TRUE(nothing.why_not.empty());
}

TEST(AttestationsTest, AnythingElseIsRefusedWithItsPlace) {
  for (const std::string text :
       {"", "[]", "id: x", "id: [x]\nattestations: []", "attestations: []", "id: id-1\nattestations: {}",
        "id: id-1\nattestations: [runbook]", "id: id-1\nattestations: [{box: runbook, says: a, by: b}]",
        "id: id-1\nattestations: [{box: runbook, says: ' ', by: b, at: 2026-03-01T11:00:00Z}]",
        "id: id-1\nattestations: [{box: runbook, says: a, by: b, at: yesterday}]",
        "id: id-1\nattestations: [{box: runbook, says: a, by: b, at: 2026-03-01T11:00:00Z, for: x}]",
        "id: id-1\nattestations: [{box: r, says: a, by: b, at: 2026-03-01T11:00:00Z}, {box: r, says: a, by: b, at: "
        "2026-03-01T11:00:00Z}]",
        "id: id-1\nid: id-1\nattestations: []"}) {
    try {
      read(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage) << text;
      EXPECT_EQ(std::string(error.what()).rfind("attestations.yaml:", 0), 0U) << error.what();
    }
  }
}

}  // namespace
}  // namespace baton
