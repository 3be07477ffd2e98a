// The data plane's proof: as many answers as the fleet's size asks for, at once, and what too few of them mean.
#include <gtest/gtest.h>

#include <atomic>

#include "common/config/sections/switch.h"
#include "common/rollout/dataplane.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

class ProofOverHttpTest : public testing::Test {
 protected:
  ProofOverHttpTest() { config_.rollout().identify = {.header = "X-App-Version"}; }

  /// `version_of` the answer by its number, from 1; each comes after `delay`.
  Proof prove(const std::function<std::string(int)>& version_of, std::chrono::milliseconds delay, int backends,
              Duration limit) {
    const auto asked = std::make_shared<std::atomic<int>>(0);
    test::HttpServer server([=](const test::Received&) {
      return test::Answer{.headers = {{"X-App-Version", version_of(++*asked)}}, .delay = delay};
    });
    Context context{.kube = kube_,
                    .config = config_,
                    .clock = clock_,
                    .http = http_,
                    .stop = {},
                    .app = "shop",
                    .id = "id-1",
                    .say = {}};
    return prove_data_plane(context, {.kind = Vantage::Kind::public_urls, .urls = {server.url()}},
                            {.expected = "v2",
                             .other = "v1",
                             .backends = backends,
                             .from = clock_.monotonic(),
                             .limit = limit,
                             .still_ours = still_ours_});
  }

  SystemClock clock_;
  Config config_;
  kube::Client kube_{kube::Cluster{.server = "http://127.0.0.1:9"}, Environment(), clock_};
  HttpClient http_{{}, Environment(), clock_};
  std::atomic<int> asked_for_us_ = 0;
  std::function<void()> still_ours_ = [this] { ++asked_for_us_; };
};

TEST_F(ProofOverHttpTest, AThousandPodsFarAwayAreProvedInTime) {
  const auto proof = prove([](int) { return "v2"; }, 50ms, 1'000, 30s);
  EXPECT_EQ(proof.state, Proof::State::proved) << proof.message;
  EXPECT_GE(proof.answers, answers_needed(1'000));
  EXPECT_EQ(proof.strangers, 0);
}

TEST_F(ProofOverHttpTest, TooFewAnswersOfWhichNoneIsWrongAreNoReasonToGoBack) {
  const auto proof = prove([](int) { return "v2"; }, 200ms, 1'000, 500ms);
  EXPECT_EQ(proof.state, Proof::State::too_few);
  EXPECT_TRUE(test::says(proof.message, "data plane not proved: ")) << proof.message;
  EXPECT_TRUE(test::says(proof.message, "4603 in a row by 'v2' are needed for 1000 pods")) << proof.message;
}

TEST_F(ProofOverHttpTest, AnOldAnswerRightAfterThePatchIsNoneEither) {
  const auto proof = prove([](int number) { return number == 1 ? "v1" : "v2"; }, 10ms, 1'000, 600ms);
  EXPECT_EQ(proof.state, Proof::State::too_few) << proof.message;
  EXPECT_TRUE(proof.last_old);
  EXPECT_EQ(asked_for_us_, 1);
}

TEST_F(ProofOverHttpTest, TheOldVersionHeardAllTheTimeIsNotProved) {
  const auto proof = prove([](int number) { return number % 20 == 0 ? "v1" : "v2"; }, 1ms, 100, 500ms);
  EXPECT_EQ(proof.state, Proof::State::not_proved) << proof.message;
}

TEST_F(ProofOverHttpTest, OneStaleServerOfAHundredIsFound) {
  const auto proof = prove([](int number) { return number % 100 == 0 ? "v1" : "v2"; }, 0ms, 100, 1s);
  EXPECT_EQ(proof.state, Proof::State::not_proved) << proof.message;
}

TEST_F(ProofOverHttpTest, NobodyWhoSaysHisVersionProvesNothing) {
  const auto proof = prove([](int) { return ""; }, 1ms, 2, 300ms);
  EXPECT_EQ(proof.state, Proof::State::not_proved);
  EXPECT_EQ(proof.strangers, proof.answers);
}

TEST_F(ProofOverHttpTest, SomeFailedAnswersDoNotBreakTheRow) {
  const auto proof = prove([](int number) { return number % 3 == 0 ? "" : "v2"; }, 1ms, 10, 5s);
  EXPECT_EQ(proof.state, Proof::State::proved) << proof.message;
  EXPECT_GT(proof.strangers, 0);
}

TEST_F(ProofOverHttpTest, WhoeverElseMovedTheTrafficEndsIt) {
  still_ours_ = [] { throw Error(ExitCode::handoff, "somebody else moved the traffic"); };
  test::refusal(ExitCode::handoff, [&] { prove([](int) { return "v1"; }, 0ms, 100, 5s); });
}

}  // namespace
}  // namespace baton::rollout
