// Each message once a deployment and channel, also when the step is run again.
#include "common/step/announce.h"

#include <gtest/gtest.h>

#include "tests/support/env_scene.h"
#include "tests/support/http_server.h"

namespace baton {
namespace {

using test::Answer;
using test::EnvScene;
using test::HttpServer;
using test::Received;

constexpr auto kTaken = [](const Received&) { return Answer{.status = 204}; };

std::string webhooks(const HttpServer& server) {
  return "notify: {to: [{webhook: '" + server.url() + "/team'}], incident: [{webhook: '" + server.url() + "/pager'}]}";
}

const notify::Message kMessage{.subject = "finalized", .text = "", .event = "finalized", .key = "finalized"};

TEST(AnnounceTest, TellsEachChannelOnce) {
  HttpServer server(kTaken);
  EnvScene scene(webhooks(server));
  announce(scene.env, Audience::team, kMessage);
  announce(scene.env, Audience::team, kMessage);
  EXPECT_EQ(server.received().size(), 1U);
  announce(scene.env, Audience::incident, kMessage);
  ASSERT_EQ(server.received().size(), 2U);
  EXPECT_EQ(server.received().at(1).target, "/pager");
}

TEST(AnnounceTest, AReceiverCanTellTheNextDeploymentsMessageFromARepetition) {
  HttpServer server(kTaken);
  EnvScene scene(webhooks(server));
  announce(scene.env, Audience::team, kMessage);
  scene.env.release.id = "id-2";
  announce(scene.env, Audience::team, kMessage);
  ASSERT_EQ(server.received().size(), 2U);
  EXPECT_EQ(server.received().at(0).header("Idempotency-Key"), "id-1/finalized");
  EXPECT_EQ(server.received().at(1).header("Idempotency-Key"), "id-2/finalized");
}

TEST(AnnounceTest, SaysWhichReleaseAndWhoseRunItIsOf) {
  HttpServer server(kTaken);
  EnvScene scene(webhooks(server));
  scene.env.run.url = "https://ci.example.com/7";
  scene.env.run.actor = "jo";
  page(scene.env, "switch-held", "held", "the cluster is away");
  const auto body = parse_json(server.received().at(0).body, "body");
  EXPECT_EQ(body["text"].string(), "the cluster is away\nRun: https://ci.example.com/7\nBy: jo");
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"app", scene.env.release.app}, {"version", scene.env.release.version}, {"id", "id-1"}, {"by", "jo"}})
    EXPECT_EQ(body["facts"][key].string(), value) << key;
}

TEST(AnnounceTest, WhatWasNotTakenIsToldAgain) {
  bool is_up = false;
  HttpServer server([&](const Received&) { return Answer{.status = is_up ? 204 : 400}; });
  EnvScene scene(webhooks(server));
  announce(scene.env, Audience::team, kMessage);
  is_up = true;
  announce(scene.env, Audience::team, kMessage);
  announce(scene.env, Audience::team, kMessage);
  EXPECT_EQ(server.received().size(), 2U);
}

TEST(AnnounceTest, WhatBeginsAgainIsToldAgain) {
  HttpServer server(kTaken);
  EnvScene scene(webhooks(server));
  const Time first = scene.clock.now();
  for (const Time since : {first, first, first + std::chrono::hours(3)})
    page(scene.env, "watch-blind", "Nobody can see", "the store is away", since);
  EXPECT_EQ(server.received().size(), 4U) << "team and pager, for each of the two";
}

TEST(AnnounceTest, RemembersHowManyHadAMessage) {
  HttpServer server([](const Received& request) { return Answer{.status = request.target == "/team" ? 204 : 410}; });
  EnvScene scene(webhooks(server));
  EXPECT_EQ(delivered_to(scene.env, Audience::incident, "finalized").delivered, 0U);
  announce(scene.env, Audience::incident, kMessage);
  const auto all = delivered_to(scene.env, Audience::incident, "finalized");
  EXPECT_EQ(all.channels, 2U);
  EXPECT_EQ(all.delivered, 1U);
  EXPECT_EQ(delivered_to(scene.env, Audience::team, "finalized").delivered, 1U);
  EXPECT_EQ(delivered_to(scene.env, Audience::team, "another").delivered, 0U);
}

}  // namespace
}  // namespace baton
