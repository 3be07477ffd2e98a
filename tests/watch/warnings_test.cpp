// What is told of a warning and remembered on the playground's Lease, from one run of watch to the next.
#include "tools/watch/warnings.h"

#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/judge/verdict.h"
#include "common/rollout/intent.h"
#include "tests/common/judge/points.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/http_server.h"
#include "tests/support/relay.h"
#include "tests/support/sample_move.h"
#include "tools/watch/accept.h"
#include "tools/watch/commands.h"
#include "tools/watch/warning_record.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using judge::test::followed_by;
using judge::test::Seen;
using test::Received;

constexpr std::size_t kFiveMinutes = 21;  // the samples of `for: 5m`

class WarningsTest : public testing::Test {
 protected:
  WarningsTest() {
    auto& config = scene.loaded.values;
    config.run().standalone = true;
    const auto relayed = replace_all(read_file(playground.kubeconfig()), playground.api_url(),
                                     "http://127.0.0.1:" + std::to_string(relay.port()));
    write_file(scene.folder.path() / "kubeconfig", relayed);
    scene.environment = Environment({{"KUBECONFIG", (scene.folder.path() / "kubeconfig").string()}});
    scene.add_step("precheck", Verdict::proceed, Json::object({{"baseline", judge::to_json(judge::test::baseline())}}));
    scene.add_step("switch", Verdict::proceed, Json::object({{"move", rollout::to_json(move())}}));
  }

  static rollout::Move move() {
    auto move = test::sample_move();
    move.service = "myapp";
    move.deployment = "myapp";
    move.proved_at = judge::test::time_of_point(0);
    move.phase = rollout::Phase::kept;
    return move;
  }

  /// A look of a process of its own, `after` the scene's beginning.
  void look(const std::vector<Seen>& seen, Duration after) {
    Watched watched(scene.env);
    Warnings warnings(watched);
    look(warnings, seen, after);
  }
  void look(Warnings& warnings, const std::vector<Seen>& seen, Duration after) {
    const auto memory = judge::test::remembered(criteria_, seen);
    warnings.follow(memory, judge::conclude(criteria_, {}, memory), kStart + after);
  }
  static std::vector<Seen> failing() { return followed_by({10, Seen{}}, kFiveMinutes, {.errors = 3}); }
  static std::vector<Seen> healed() { return followed_by(failing(), 2, Seen{}); }

  std::string accept(const std::string& rule, const std::string& by) {
    return watch::accept({.rule = rule, .by = by}, scene.env).summary;
  }
  /// The error's text; empty when there was none.
  std::string refusal(const std::string& rule, const std::string& by) {
    try {
      accept(rule, by);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      return std::string(error.what()) + "\n" + error.hint();
    }
    return "";
  }
  std::vector<Warning> recorded() {
    Watched watched(scene.env);
    return read_warnings(watched.context).warnings;
  }

  /// The events that a channel heard of, in order.
  std::vector<std::string> heard(const std::string& channel) const {
    std::vector<std::string> events;
    for (const auto& message : server.received()) {
      if (message.target == channel) events.push_back(parse_json(message.body, "message")["event"].string());
    }
    return events;
  }
  Json message(std::size_t index) const { return parse_json(server.received().at(index).body, "message"); }
  std::string key(std::size_t index) const { return server.received().at(index).header("Idempotency-Key"); }

  using Events = std::vector<std::string>;
  static constexpr const char* kBegan = "watch-warning-began";
  static constexpr const char* kUndecided = "watch-warning-undecided";
  static constexpr const char* kEnded = "watch-warning-ended";

  const Time kStart = *parse_rfc3339("2026-03-01T12:10:00Z");
  test::Playground playground;
  test::Relay relay{{.port = std::stoi(playground.api_url().substr(playground.api_url().rfind(':') + 1))}};
  std::atomic<int> status = 204;
  test::HttpServer server{[this](const Received&) { return test::Answer{.status = status}; }};
  test::EnvScene scene{
      "kubernetes: {service: myapp, context: sandbox}\nmetrics: {prometheus: \"http://127.0.0.1:1\"}\n"
      "notify: {to: [{webhook: '" +
      server.url() + "/team'}], incident: [{webhook: '" + server.url() + "/pager'}]}\n"};
  judge::Criteria criteria_{.config = scene.loaded.values, .baseline = judge::test::baseline()};
};

TEST_F(WarningsTest, TwoProcessesTellTheTeamOnceWhatMustBeDecidedAndHow) {
  look(failing(), 0s);
  look(failing(), 15s);
  EXPECT_EQ(heard("/team"), Events{kBegan});
  EXPECT_EQ(heard("/pager"), Events{});
  EXPECT_EQ(message(0)["subject"].string(), "WARNING: shop v1.6.0: Error rate: 3 %, expected <= 1.5 % (baseline +1pp)");
  EXPECT_EQ(
      message(0)["text"].string(),
      "error-rate-warning holds since 2026-03-01T12:02:30Z.\n"
      "Decide by 2026-03-01T12:20:00Z: roll back or accept. When nobody does, the incident channels are told, "
      "and v1.6.0 ends with caution; its traffic stays.\n"
      "Roll back: baton-switch rollback shop -n production --context sandbox --set kubernetes.service=myapp "
      "--reason 'Error rate: 3 %, expected <= 1.5 % (baseline +1pp)' --by \"$USER\"\n"
      "Accept: baton-watch tick --accept error-rate-warning --by \"$USER\" --set app=shop -n production --context "
      "sandbox --set kubernetes.service=myapp");
  EXPECT_EQ(message(0)["facts"]["warning"]["deadline"].string(), "2026-03-01T12:20:00Z");
}

TEST_F(WarningsTest, ItsEndIsToldOnce) {
  look(failing(), 0s);
  look(healed(), 1min);
  look(healed(), 2min);
  EXPECT_EQ(heard("/team"), (Events{kBegan, kEnded}));
  EXPECT_EQ(message(1)["text"].string().rfind("error-rate-warning held from 2026-03-01T12:02:30Z to ", 0), 0U);
}

TEST_F(WarningsTest, OneThatIsOverWhenItIsFoundIsToldAsThat) {
  look(healed(), 1h);
  EXPECT_EQ(heard("/team"), Events{kEnded});
}

TEST_F(WarningsTest, TheIncidentChannelsHearOfItAtTheDeadlineAndNotBefore) {
  look(failing(), 0s);
  look(failing(), 10min - 1ms);
  EXPECT_EQ(heard("/pager"), Events{});
  look(failing(), 10min);
  look(failing(), 11min);
  EXPECT_EQ(heard("/pager"), Events{kUndecided});
  EXPECT_EQ(heard("/team"), (Events{kBegan, kUndecided}));
}

TEST_F(WarningsTest, ThatNobodyDecidedOutlastsTheWarning) {
  Watched watched(scene.env);
  Warnings warnings(watched);
  look(warnings, failing(), 0s);
  const auto until_12_21 = followed_by({10, Seen{}}, 75, {.errors = 3});
  look(warnings, followed_by(until_12_21, 4, Seen{}), 12min);
  EXPECT_TRUE(warnings.all().at(0).until);
  EXPECT_FALSE(warnings.is_undecided(kStart + 10min - 1ms));
  EXPECT_TRUE(warnings.is_undecided(kStart + 12min));
}

TEST_F(WarningsTest, WhatIsOverPagesNobody) {
  look(failing(), 0s);
  look(healed(), 10min);
  EXPECT_EQ(heard("/pager"), Events{});
}

TEST_F(WarningsTest, WhatWasWrittenDownButNotDeliveredIsDeliveredUnderTheSameKey) {
  status = 400;
  look(failing(), 0s);
  ASSERT_EQ(recorded().size(), 1U) << "the intent comes first";
  status = 204;
  fs::remove_all(scene.env.dir);  // another runner, with nothing of the first but the Lease
  fs::create_directories(scene.env.dir);
  auto later = failing();
  later.insert(later.begin() + 10, Seen{});  // the store shows its beginning a step later by now
  look(later, 15s);
  EXPECT_EQ(heard("/team"), (Events{kBegan, kBegan}));
  EXPECT_EQ(key(0), key(1));
  EXPECT_EQ(recorded().at(0).noticed, kStart) << "the deadline stays";
}

TEST_F(WarningsTest, ALeaseThatCannotBeWrittenKeepsNobodyFromHearing) {
  Watched watched(scene.env);
  Warnings warnings(watched);
  relay.refuse(true);
  look(warnings, failing(), 0s);
  EXPECT_EQ(heard("/team"), Events{kBegan});
  relay.refuse(false);
  look(warnings, failing(), 15s);
  EXPECT_EQ(recorded().size(), 1U);
  EXPECT_EQ(heard("/team"), Events{kBegan});
}

TEST_F(WarningsTest, ADryRunAndAnObservingOneWriteNothing) {
  scene.loaded.values.run().dry_run = true;
  look(failing(), 0s);
  scene.loaded.values.run().dry_run = false;
  scene.loaded.values.run().observe = true;
  look(failing(), 0s);
  EXPECT_TRUE(recorded().empty());
  EXPECT_TRUE(server.received().empty());
}

TEST_F(WarningsTest, AnotherDeploymentsRecordIsNotTakenUp) {
  look(failing(), 0s);
  scene.env.earlier.clear();
  auto next = move();
  next.id = "id-2";
  scene.add_step(
      "switch", Verdict::proceed,
      Json::object({{"move", rollout::to_json(next)}, {"baseline", judge::to_json(judge::test::baseline())}}));
  look({10, Seen{}}, 1h);
  EXPECT_EQ(heard("/team"), Events{kBegan});
}

TEST_F(WarningsTest, TheNextDeadlineIsThatOfAnOpenOne) {
  Watched watched(scene.env);
  Warnings warnings(watched);
  EXPECT_FALSE(warnings.next_deadline(kStart));
  look(warnings, failing(), 0s);
  EXPECT_EQ(warnings.next_deadline(kStart), kStart + 10min);
  EXPECT_FALSE(warnings.next_deadline(kStart + 10min)) << "nobody comes back for a moment that is past";
  accept("error-rate-warning", "jo");
  look(warnings, failing(), 15s);
  EXPECT_FALSE(warnings.next_deadline(kStart + 15s));
}

TEST_F(WarningsTest, ARecordThatNobodyCanReadIsNone) {
  look(failing(), 0s);
  Json annotations = Json::object();
  for (const char* text : {"{", "[]", R"({"id": 1})", R"({"id": "id-1", "warnings": [{"rule": 1}]})"}) {
    annotations[kWarningsAnnotation] = text;
    playground.client(scene.clock)
        .merge_patch(kube::kLeases, "baton-shop",
                     Json::object({{"metadata", Json::object({{"annotations", annotations}})}}));
    EXPECT_TRUE(recorded().empty()) << text;
  }
  look(failing(), 15s);
  EXPECT_EQ(recorded().size(), 1U);
}

using AcceptTest = WarningsTest;

TEST_F(AcceptTest, WhatAPersonAcceptedIsToldNoMore) {
  look(failing(), 0s);
  scene.clock.advance(1min);
  EXPECT_EQ(
      accept("error-rate-warning", " jo "),
      "error-rate-warning is accepted by jo at 2026-03-01T12:01:00Z\nError rate: 3 %, expected <= 1.5 % (baseline "
      "+1pp), since 2026-03-01T12:02:30Z");
  fs::remove(scene.env.dir / "notified.txt");
  look(failing(), 1min);
  look(failing(), 10min);
  EXPECT_EQ(heard("/team"), Events{kBegan});
  EXPECT_EQ(heard("/pager"), Events{});
  look(healed(), 11min);
  EXPECT_EQ(heard("/team"), (Events{kBegan, kEnded}));
  EXPECT_NE(message(1)["text"].string().find("accepted by jo at 2026-03-01T12:01:00Z"), std::string::npos);
}

TEST_F(AcceptTest, TheFirstOneWhoAcceptsStays) {
  look(failing(), 0s);
  accept("error-rate-warning", "jo");
  EXPECT_EQ(accept("error-rate-warning", "kim").rfind("error-rate-warning was accepted before, by jo at ", 0), 0U);
  EXPECT_EQ(recorded().at(0).accepted_by, "jo");
}

TEST_F(AcceptTest, WhatDoesNotHoldCannotBeAccepted) {
  EXPECT_EQ(refusal("cpu-warning", "jo"),
            "'cpu-warning' did not hold at the last look\nNo warning holds: run baton-watch tick to look again.");
  look(failing(), 0s);
  EXPECT_EQ(refusal("cpu-warning", "jo"),
            "'cpu-warning' did not hold at the last look\nAccept what holds: error-rate-warning (Error rate: 3 %, "
            "expected <= 1.5 % (baseline +1pp)).");
  look(healed(), 1min);
  EXPECT_NE(refusal("error-rate-warning", "jo"), "") << "it is over";
  EXPECT_EQ(recorded().at(0).accepted_by, "");
}

TEST_F(AcceptTest, ACriticalOneIsNeverAccepted) {
  EXPECT_EQ(refusal("error-rate-critical", "jo"),
            "'error-rate-critical' is critical: that cannot be accepted\nRoll back with baton-switch rollback, or let "
            "watch do it.");
}

TEST_F(AcceptTest, NobodyIsNoPerson) {
  look(failing(), 0s);
  EXPECT_NE(refusal("error-rate-warning", ""), "");
  EXPECT_NE(refusal("error-rate-warning", " "), "");
  EXPECT_NE(refusal("", "jo"), "");
}

TEST_F(AcceptTest, ADryRunOnlySaysSo) {
  look(failing(), 0s);
  scene.loaded.values.run().dry_run = true;
  EXPECT_EQ(accept("error-rate-warning", "jo").rfind("error-rate-warning would be accepted by jo at ", 0), 0U);
  EXPECT_EQ(recorded().at(0).accepted_by, "");
}

TEST_F(AcceptTest, WhatHeldInAnEarlierDeploymentIsNotAccepted) {
  look(failing(), 0s);
  auto next = move();
  next.id = "id-2";
  Json annotations = Json::object();
  annotations[rollout::kMoveAnnotation] = to_text(rollout::to_json(next));
  playground.client(scene.clock)
      .merge_patch(kube::kServices, "myapp",
                   Json::object({{"metadata", Json::object({{"annotations", annotations}})}}));
  EXPECT_NE(refusal("error-rate-warning", "jo"), "");
}

}  // namespace
}  // namespace baton::watch
