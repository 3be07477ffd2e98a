// Redis as two checks see it: a real server in each of its states.
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"
#include "tests/support/redis.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;
using test::RedisServer;
using test::says;

Finding found_at(const std::string& url, const std::string& check = "redis") {
  EnvScene scene("precheck: {infrastructure: {redis: '" + url + "'}}");
  return look_at(scene, check);
}

TEST(RedisCheck, AMasterThatAnswersPasses) {
  const RedisServer server({"--maxmemory", "100mb"});
  const auto finding = found_at(server.url());
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed, Measured("PONG"));
  EXPECT_TRUE(says(finding.message, "PONG, Redis 7"));
  EXPECT_TRUE(says(finding.message, ", master, "));
}

TEST(RedisCheck, WhoIsNotLetInHasFoundOutNothing) {
  const RedisServer server({"--requirepass", "right-secret"});
  EXPECT_EQ(found_at(server.url(":right-secret")).outcome, Outcome::pass);
  const auto none = found_at(server.url());
  EXPECT_EQ(none.outcome, Outcome::unknown);
  EXPECT_TRUE(says(none.message, "NOAUTH"));
  const auto wrong = found_at(server.url(":wrong-secret"));
  EXPECT_EQ(wrong.outcome, Outcome::unknown);
  EXPECT_TRUE(says(wrong.message, "WRONGPASS"));
  EXPECT_EQ(wrong.message.find("wrong-secret"), std::string::npos);
  EnvScene by_token("precheck: {infrastructure: {redis: {url: '" + server.url() + "', token: right-secret}}}");
  EXPECT_EQ(look_at(by_token, "redis").outcome, Outcome::pass);
}

TEST(RedisCheck, AReplicaWarnsAndOneWithoutItsMasterFails) {
  const RedisServer master;
  const RedisServer replica({"--replicaof", "127.0.0.1", std::to_string(master.port())});
  SystemClock clock;
  for (int left = 100; left > 0 && replica.cli({"INFO", "replication"}).find("link_status:up") == std::string::npos;
       --left)
    clock.sleep_for(std::chrono::milliseconds(100), {});
  const auto finding = found_at(replica.url());
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_TRUE(says(finding.message, "it is a replica"));
  const RedisServer orphan({"--replicaof", "127.0.0.1", "1"});
  EXPECT_EQ(found_at(orphan.url()).outcome, Outcome::fail);
  const RedisServer silent({"--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no"});
  const auto lost = found_at(silent.url());
  EXPECT_EQ(lost.outcome, Outcome::fail);
  EXPECT_TRUE(says(lost.message, "MASTERDOWN"));
}

/// A server that says this of itself.
class TalkingServer {
 public:
  TalkingServer(const std::string& before, const std::string& info)
      : server_([](const test::Received&) { return test::Answer{}; },
                {.greeting = before + "$" + std::to_string(info.size()) + "\r\n" + info + "\r\n"}) {}
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(server_.port()); }

 private:
  test::HttpServer server_;
};

Finding found_of(const std::string& info, const std::string& check = "redis") {
  const TalkingServer server(check == "redis" ? "+PONG\r\n" : "", info);
  return found_at(server.url(), check);
}

std::string memory(int used, const std::string& policy) {
  return "role:master\r\nmaxmemory:1000\r\nmaxmemory_policy:" + policy + "\r\nused_memory:" + std::to_string(used) +
         "\r\n";
}

TEST(RedisCheck, MemoryOverNinetyPercentWarnsWhereNothingIsEvicted) {
  EXPECT_EQ(found_of(memory(900, "noeviction")).outcome, Outcome::pass);
  EXPECT_EQ(found_of(memory(901, "noeviction")).outcome, Outcome::warn);
  EXPECT_EQ(found_of(memory(1000, "noeviction")).outcome, Outcome::fail);
  EXPECT_EQ(found_of(memory(1000, "allkeys-lru")).outcome, Outcome::pass) << "a cache is meant to be full";
}

TEST(RedisCheck, WhatAServerSaysOfItselfCounts) {
  EXPECT_EQ(found_of("role:master\r\nloading:1\r\n").outcome, Outcome::fail);
  EXPECT_EQ(found_of("role:master\r\nredis_mode:sentinel\r\n").outcome, Outcome::fail);
  EXPECT_EQ(found_of("redis_version:7\r\n").outcome, Outcome::warn) << "no role";
  EXPECT_EQ(found_of("").outcome, Outcome::unknown);
  EXPECT_EQ(found_of("<html>").outcome, Outcome::unknown);
}

TEST(RedisCheck, AUserWhoMayOnlyPingIsToldSo) {
  const RedisServer server({"--user", "pinger", "on", ">ping-secret", "~*", "-@all", "+ping"});
  const auto finding = found_at(server.url("pinger:ping-secret"));
  EXPECT_EQ(finding.outcome, Outcome::warn) << finding.message;
  EXPECT_TRUE(says(finding.message, "may not ask INFO"));
  EXPECT_EQ(found_at(server.url("pinger:ping-secret"), "redis-clients").outcome, Outcome::unknown);
}

TEST(RedisCheck, WithoutAKeyNobodyKnowsAndADeclarationSettles) {
  EnvScene none;
  EXPECT_EQ(look_at(none, "redis").outcome, Outcome::unknown);
  EXPECT_TRUE(look_at(none, "redis-clients").settled) << "redis itself says that nobody looked";
  EnvScene declared("precheck: {not_applicable: {redis: no cache}}");
  EXPECT_TRUE(look_at(declared, "redis").settled);
}

Outcome clients(int connected) {
  return found_of("connected_clients:" + std::to_string(connected) + "\r\nmaxclients:1000\r\n", "redis-clients")
      .outcome;
}

TEST(RedisClientsCheck, OverEightyPercentOfMaxclientsWarns) {
  EXPECT_EQ(clients(800), Outcome::pass);
  EXPECT_EQ(clients(801), Outcome::warn);
  EXPECT_EQ(found_of("connected_clients:1\r\n", "redis-clients").outcome, Outcome::unknown);
  EXPECT_EQ(found_of("connected_clients:1\r\nmaxclients:0\r\n", "redis-clients").outcome, Outcome::unknown);
  const RedisServer server({"--maxclients", "50"});
  const auto finding = found_at(server.url(), "redis-clients");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "1 of 50 clients are connected (2 %)");
}

}  // namespace
}  // namespace baton::precheck
