// One deployment changes things at a time.
#include "common/rollout/lease.h"

#include <gtest/gtest.h>

#include "common/rollout/next.h"
#include "common/rollout/size.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

void hold(Ground& ground, const std::string& holder, Duration age) {
  auto context = ground.context();
  { const auto made = Lease::acquire(context, Claim::wait); }
  auto lease = ground.kube.get(kube::kLeases, "baton-myapp");
  lease["metadata"]["annotations"]["baton/holder-process"] = "";
  lease["spec"]["holderIdentity"] = holder;
  lease["spec"]["renewTime"] = to_rfc3339(ground.clock.now() - age).substr(0, 19) + ".000000Z";
  ground.kube.replace(kube::kLeases, lease);
}

TEST(LeaseTest, IsFreeAgainWhenTheObjectGoes) {
  Ground ground;
  auto first = ground.context("id-1");
  {
    const auto lease = Lease::acquire(first, Claim::wait);
    EXPECT_TRUE(read_lease(first).holder.starts_with("id-1/"));
  }
  EXPECT_EQ(read_lease(first).holder, "");
  auto second = ground.context("id-2");
  EXPECT_NO_THROW(Lease::acquire(second, Claim::wait).check());
}

TEST(LeaseTest, AnotherDeploymentIsToldWhoHoldsItAndUntilWhen) {
  Ground ground;
  hold(ground, "id-9/abcd", 0s);
  auto context = ground.context("id-1");
  const auto busy = test::error_of<LeaseBusy>([&] { return Lease::acquire(context, Claim::wait); });
  EXPECT_EQ(busy.code(), ExitCode::again);
  EXPECT_TRUE(test::says(busy.what(), "id-9"));
  EXPECT_GT(busy.expires(), ground.clock.now());
}

TEST(LeaseTest, OneThatRanOutIsTaken) {
  Ground ground;
  hold(ground, "id-9/abcd", 31s);
  auto context = ground.context("id-1");
  EXPECT_NO_THROW(Lease::acquire(context, Claim::wait).check());
}

TEST(LeaseTest, OneWhoseHolderDiedOnThisMachineIsTakenAtOnce) {
  Ground ground;
  hold(ground, "id-9/abcd", 0s);
  auto context = ground.context("id-1");
  auto lease = ground.kube.get(kube::kLeases, "baton-myapp");
  std::string boot = read_file("/proc/sys/kernel/random/boot_id");
  boot.pop_back();
  lease["metadata"]["annotations"]["baton/holder-process"] =
      boot + " " + fs::read_symlink("/proc/self/ns/pid").string() + " 999999999 1";
  ground.kube.replace(kube::kLeases, lease);
  EXPECT_NO_THROW(Lease::acquire(context, Claim::wait).check());
}

TEST(LeaseTest, APersonTakesItOverAndTheHolderMayWriteNoMore) {
  Ground ground;
  auto run = ground.context("id-1");
  auto lease = Lease::acquire(run, Claim::wait);
  auto person = ground.context("id-1");
  auto taken = Lease::acquire(person, Claim::take_over);
  EXPECT_THROW(lease.record(Move{}), Error);
  EXPECT_THROW(lease.check(), Error);
  EXPECT_NO_THROW(taken.check());
}

// Until the next renewal, which may be ten seconds away.
TEST(LeaseTest, WhoDoesNotKnowYetThatItWasTakenOverWritesNothingMore) {
  Ground ground;
  auto run = ground.context("id-1");
  const auto lease = Lease::acquire(run, Claim::wait);
  auto other = ground.context("id-2");
  const auto taken = Lease::acquire(other, Claim::take_over);
  ASSERT_NO_THROW(lease.check());
  const auto error = test::error_of<Error>([&] { raise_to(run, lease, "myapp", 5); });
  EXPECT_EQ(error.code(), ExitCode::again);
  EXPECT_TRUE(test::says(error.what(), "deployment 'id-2' took it over"));
  EXPECT_EQ(replicas_of(ground.deployment("myapp")), 2);
  EXPECT_THROW(lease.check(), Error) << "it knows by now";
}

TEST(LeaseTest, RemembersStepsAndRefusedDigestsBeyondItsHolders) {
  Ground ground;
  auto context = ground.context("id-1");
  {
    auto lease = Lease::acquire(context, Claim::wait);
    lease.remember({.id = "id-1", .version = "v1", .steps = Json::object({{"switch", "proceed"}})});
    lease.refuse("sha256:bad");
  }
  auto next = ground.context("id-2");
  { const auto lease = Lease::acquire(next, Claim::wait); }
  const auto record = read_lease(next);
  ASSERT_EQ(record.ledger.size(), 1U);
  EXPECT_EQ(record.ledger.front().steps["switch"].string(), "proceed");
  EXPECT_EQ(record.refused, std::vector<std::string>{"sha256:bad"});
}

}  // namespace
}  // namespace baton::rollout
