// A runner that stood still for longer than its Lease lasts, and wakes up when somebody else's release is live: it
// writes nothing more, also not what was on its way, and says who has it.
#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>

#include "common/core/text.h"
#include "tests/support/background.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;
using sandbox::Moment;
using sandbox::Question;
using test::says;

bool is_write(const Question& question) {
  return question.method != "GET" && question.path.find("selfsubjectaccessreviews") == std::string::npos;
}

/// A run in the background, stopped and woken up.
class Sleeper {
 public:
  Sleeper(Runner& runner, std::vector<std::string> command) : runner_(runner) {
    command.insert(command.begin(), {"env", "KUBECONFIG=" + runner.playground.kubeconfig()});
    running_.emplace(command, log_);
  }
  ~Sleeper() {
    let_go();
    runner_.playground.sandbox().set_witness({});
    running_->signal(SIGCONT);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  std::string said() const { return read_file(log_); }
  void stop_where_it_says(const std::string& words) {
    await([&] { return said().find(words) != std::string::npos; });
    running_->signal(SIGSTOP);
  }
  /// Stopped with its first request to an object whose path ends so: the request is on its way until it is let go.
  void stop_at(const std::string& method, const std::string& end) {
    runner_.playground.sandbox().set_witness([this, method, end](const Question& question, Moment moment) {
      if (moment == Moment::after || question.method != method || !question.path.ends_with(end)) return true;
      std::unique_lock lock(mutex_);
      if (is_held_) return true;
      is_held_ = true;
      running_->signal(SIGSTOP);
      went_.wait(lock, [&] { return has_gone_; });
      return true;
    });
    await([&] {
      const std::scoped_lock lock(mutex_);
      return is_held_;
    });
  }
  void let_go() {
    const std::scoped_lock lock(mutex_);
    has_gone_ = true;
    went_.notify_all();
  }
  /// Wakes it up and waits for its end; what it asked to be written meanwhile. Its Lease is looked at by itself.
  std::vector<std::string> wake() {
    const auto writes = std::make_shared<std::vector<std::string>>();  // a request may outlive this call
    runner_.playground.sandbox().set_witness([this, writes](const Question& question, Moment moment) {
      if (moment == Moment::after || !is_write(question) || question.path.find("/leases") != std::string::npos)
        return true;
      const std::scoped_lock lock(mutex_);
      writes->push_back(question.method + " " + question.path + " " + question.body);
      return true;
    });
    running_->signal(SIGCONT);
    await([&] { return !running_->is_running(); });
    runner_.playground.sandbox().set_witness({});
    return *writes;
  }

 private:
  template <typename Condition>
  void await(Condition condition) {
    for (int left = 1200; left > 0 && !condition(); --left) runner_.clock.sleep_for(50ms, {});
    ASSERT_TRUE(condition()) << said();
  }

  Runner& runner_;
  fs::path log_ = runner_.folder.path() / "sleeper.log";
  std::mutex mutex_ = {};
  std::condition_variable went_ = {};
  bool is_held_ = false;
  bool has_gone_ = false;
  std::optional<test::Background> running_ = {};
};

/// As if it were half a minute later: nobody renewed it.
void run_out(Runner& runner) {
  const auto then = to_rfc3339(runner.clock.now() - 31s).substr(0, 19) + ".000000Z";
  runner.kube.merge_patch(kube::kLeases, "baton-myapp", Json::object({{"spec", Json::object({{"renewTime", then}})}}));
}

std::string lease(Runner& runner) {
  const auto found = runner.kube.get(kube::kLeases, "baton-myapp");
  return to_text(found["spec"]) + to_text(found["metadata"]["annotations"]);
}

class FenceTest : public testing::Test {
 protected:
  FenceTest() {
    runner.playground.set_fault("v1.6.0", "slow-start=3s");
    runner.playground.set_fault("v1.6.1");
  }
  std::vector<std::string> command() const {
    return runner.command("run", {"--release=v1.6.0", "--set=switch.soak=60s", "--set=switch.soak_max=60s"});
  }
  std::vector<std::string> watch() const {
    auto words = runner.command("run", {"--release=v1.6.0", "--set=precheck.not_applicable={metrics: a test}",
                                        "--set=watch.intensive={for: 1h, every: 1s}"});
    words.front() = (test::build_folder() / "baton-watch").string();
    return words;
  }
  void release_another() {
    const auto ended = runner.release_from("another", "v1.6.1");
    ASSERT_EQ(ended.code, 0) << ended.output << ended.error;
  }
  /// What stands when another deployer has ended, and then what a woken run makes of it.
  void expect_untouched(Sleeper& sleeper) {
    const auto held = lease(runner);
    expect_untouched_but_the_lease(sleeper);
    EXPECT_EQ(lease(runner), held) << sleeper.said();
  }
  static void expect_told(const Sleeper& sleeper) {
    EXPECT_TRUE(says(sleeper.said(), " of v1.6.1 took it over"));
    EXPECT_TRUE(says(sleeper.said(), "(exit 75)"));
    EXPECT_FALSE(says(sleeper.said(), "baton-switch rollback")) << "that would take the other one's release back";
  }
  void expect_untouched_but_the_lease(Sleeper& sleeper) {
    const auto stands = runner.standing();
    const auto writes = sleeper.wake();
    EXPECT_EQ(join(writes, "\n"), "") << sleeper.said();
    EXPECT_EQ(runner.standing(), stands) << sleeper.said();
  }

  Runner runner;
};

TEST_F(FenceTest, ARunThatStoodStillInTheBringUpWritesNothingMore) {
  Sleeper sleeper(runner, command());
  sleeper.stop_where_it_says("deployment created");
  run_out(runner);
  release_another();
  expect_untouched(sleeper);
  expect_told(sleeper);
}

TEST_F(FenceTest, ARunThatStoodStillInTheSoakWritesNothingMore) {
  Sleeper sleeper(runner, command());
  sleeper.stop_where_it_says("to stay healthy");
  run_out(runner);
  release_another();
  expect_untouched(sleeper);
  expect_told(sleeper);
}

// The whole half minute: its own clock tells it, too.
TEST_F(FenceTest, ARunThatStoodStillForTheWholeLeaseSaysWhoHasItAndComesAgain) {
  Sleeper sleeper(runner, command());
  sleeper.stop_where_it_says("to stay healthy");
  EXPECT_EQ(runner.release_from("early", "v1.6.1").code, 75) << "it is held until it runs out";
  runner.clock.sleep_for(31s, {});
  release_another();
  expect_untouched(sleeper);
  expect_told(sleeper);
}

// The drain of the colour that the next release brought up again meanwhile.
TEST_F(FenceTest, AWriteOnItsWayDoesNotReachWhatAnotherReleaseTookOver) {
  runner.playground.set_fault("v1.6.0", "crash-loop after=3s");
  Sleeper sleeper(runner, command());
  sleeper.stop_at("PATCH", "/deployments/myapp-green/scale");
  run_out(runner);
  release_another();
  sleeper.let_go();
  expect_untouched(sleeper);
  EXPECT_EQ(runner.replicas("myapp-green"), 2);
  EXPECT_TRUE(says(sleeper.said(), " of v1.6.1 took it over"));
}

// Nobody writes to a colour only because it serves again.
TEST_F(FenceTest, AShrinkOnItsWayDoesNotReachWhatARollbackWentBackTo) {
  runner.playground.set_fault("v1.6.0");
  Sleeper sleeper(runner, runner.command("run", {"--release=v1.6.0", "--set=switch.keep=1"}));
  sleeper.stop_at("PATCH", "/deployments/myapp/scale");
  const auto back =
      runner.run("rollback", {"--reason=r", "--by=jo", "--dir=" + (runner.folder.path() / "elsewhere").string()});
  ASSERT_EQ(back.code, 0) << back.output << back.error;
  sleeper.let_go();
  expect_untouched(sleeper);
  EXPECT_EQ(runner.replicas("myapp"), 2);
}

TEST_F(FenceTest, AWatchThatStoodStillWritesNothingMoreAndIsSuperseded) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  Sleeper sleeper(runner, watch());
  sleeper.stop_where_it_says("intensive phase");
  release_another();
  expect_untouched(sleeper);
  EXPECT_TRUE(says(sleeper.said(), "a newer deployment took over"));
  EXPECT_TRUE(says(sleeper.said(), "(exit 0)"));
}

// Decided, and nothing of it is written.
TEST_F(FenceTest, AWatchThatStoodStillBeforeItsRollbackIsSuperseded) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  Sleeper sleeper(runner, watch());
  runner.playground.set_fault("v1.6.0", "never-ready");
  sleeper.stop_at("PUT", "/leases/baton-myapp");
  runner.playground.set_fault("v1.6.0");
  runner.playground.await_rollout("myapp-green");
  release_another();
  sleeper.let_go();
  expect_untouched_but_the_lease(sleeper);
  EXPECT_TRUE(says(sleeper.said(), "a newer deployment took over"));
  EXPECT_TRUE(says(sleeper.said(), "(exit 0)"));
}

// Its first write to the Service is on its way.
TEST_F(FenceTest, AWatchThatStoodStillInItsRollbackTakesNoNewerReleaseBack) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  Sleeper sleeper(runner, watch());
  runner.playground.set_fault("v1.6.0", "never-ready");
  sleeper.stop_at("PATCH", "/services/myapp");
  run_out(runner);
  release_another();
  sleeper.let_go();
  expect_untouched(sleeper);
  expect_told(sleeper);
}

}  // namespace
}  // namespace baton::cutover
