// The Lease's JSON.
#include "common/rollout/lease_record.h"

#include <gtest/gtest.h>

#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

const Time kNow = *parse_rfc3339("2025-11-04T14:15:00.250Z");

TEST(LeaseRecordTest, ANewLeaseIsHeldForThirtySeconds) {
  const auto lease = claimed(Json(), "baton-shop", "id-1/abcd", kNow);
  const auto record = lease_record(lease);
  EXPECT_EQ(record.holder, "id-1/abcd");
  EXPECT_EQ(*record.expires, kNow + 30s);
  EXPECT_EQ(lease["spec"]["leaseTransitions"].integer(), 1);
}

TEST(LeaseRecordTest, EachClaimCountsTheFencingUpAndKeepsTheMemory) {
  auto lease = claimed(Json(), "baton-shop", "id-1/abcd", kNow);
  lease["metadata"]["annotations"]["baton/refused-digests"] = R"(["sha256:x"])";
  const auto again = claimed(lease, "baton-shop", "id-2/ef01", kNow + 60s);
  EXPECT_EQ(again["spec"]["leaseTransitions"].integer(), 2);
  EXPECT_EQ(lease_record(again).refused, std::vector<std::string>{"sha256:x"});
}

TEST(LeaseRecordTest, WritesTimesWithSixDigits) {
  EXPECT_EQ(micro_time(kNow), "2025-11-04T14:15:00.250000Z");
  EXPECT_EQ(micro_time(kNow - 250ms), "2025-11-04T14:15:00.000000Z");
}

TEST(LeaseRecordTest, TheDeploymentIdIsWhatStandsBeforeTheLastSlash) {
  EXPECT_EQ(id_of_holder("a/b/1234"), "a/b");
  EXPECT_EQ(id_of_holder("id-1/abcd"), "id-1");
}

TEST(LeaseRecordTest, NoLeaseBlocksForMoreThanAnHour) {
  auto lease = claimed(Json(), "baton-shop", "id-1/abcd", kNow);
  lease["spec"]["leaseDurationSeconds"] = std::int64_t{1} << 60;
  EXPECT_EQ(*lease_record(lease).expires, kNow + 1h);
}

TEST(LedgerTest, MergesStepsOfOneDeployment) {
  const auto first = ledger_with({}, {.id = "id-1", .version = "v1", .steps = json(R"({"switch":"proceed"})")});
  auto lease = json(R"({"metadata":{"annotations":{}}})");
  lease["metadata"]["annotations"]["baton/ledger"] = first;
  const auto second = ledger_with(lease_record(lease).ledger,
                                  {.id = "id-1", .steps = json(R"({"watch":"rolled-back"})"), .proved_at = kNow});
  EXPECT_EQ(
      second,
      R"([{"id":"id-1","version":"v1","digest":"","steps":{"switch":"proceed","watch":"rolled-back"},"proved_at":"2025-11-04T14:15:00.250Z"}])");
}

TEST(LedgerTest, ForgetsTheOldestOfNine) {
  std::vector<LedgerEntry> ledger;
  for (int i = 0; i < 8; ++i) ledger.push_back({.id = "id-" + std::to_string(i)});
  const auto text = ledger_with(ledger, {.id = "id-8"});
  EXPECT_EQ(text.find("id-0"), std::string::npos);
  EXPECT_NE(text.find("id-1"), std::string::npos);
  EXPECT_NE(text.find("id-8"), std::string::npos);
}

TEST(RefusedTest, ADigestStandsOnceAndCanBeTakenBack) {
  EXPECT_EQ(refused_with({"a"}, "a"), R"(["a"])");
  EXPECT_EQ(refused_with({"a"}, "b"), R"(["a","b"])");
  EXPECT_EQ(refused_without({"a", "b"}, "a"), R"(["b"])");
}

}  // namespace
}  // namespace baton::rollout
