// The Redis client against real servers, and against what no server should say.
#include "common/clients/redis/client.h"

#include <gtest/gtest.h>

#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/redis.h"
#include "tests/support/refusal.h"

namespace baton::redis {
namespace {

using test::RedisServer;
using test::refusal;
using test::says;

Client connect(const std::string& url, const TlsSettings& tls = {}) {
  return Client({.address = parse_address(url), .tls = tls});
}

/// How the server says no.
Refused refused(const std::string& url) {
  return test::error_of<Refused>([&] {
    auto client = connect(url);
    client.ping();
    return 0;
  });
}

TEST(RedisAddress, IsTakenApart) {
  const auto plain = parse_address("redis://cache");
  EXPECT_EQ(plain.host, "cache");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_FALSE(plain.is_tls);
  EXPECT_TRUE(plain.password.empty());
  const auto whole = parse_address("rediss://app:p%40ss%2Fword@[::1]:80/3");
  EXPECT_EQ(whole.host, "::1");
  EXPECT_EQ(whole.port, 80);
  EXPECT_TRUE(whole.is_tls);
  EXPECT_EQ(whole.user, "app");
  EXPECT_EQ(whole.password, "p@ss/word");
  EXPECT_EQ(whole.database, 3);
  EXPECT_EQ(parse_address("redis://[::1]").port, 6379);
  EXPECT_EQ(parse_address("redis://:secret99@cache/0").password, "secret99");
  EXPECT_EQ(parse_address("redis://:secret99@cache/0").shown.find("secret99"), std::string::npos);
}

TEST(RedisAddress, RefusesOthers) {
  for (const auto* url : {"http://cache", "cache:6379", "redis://", "redis://cache:x", "redis://cache/one", ""})
    EXPECT_TRUE(says(refusal(ExitCode::usage, [&] { return parse_address(url); }), "bad URL")) << url;
}

TEST(RedisClient, PingsAndAsksARealServer) {
  const RedisServer server({"--maxmemory", "100mb", "--maxclients", "50"});
  auto client = connect(server.url() + "/1");
  client.ping();
  const auto info = client.info();
  EXPECT_EQ(info.role, "master");
  EXPECT_EQ(info.mode, "standalone");
  EXPECT_EQ(info.max_memory, 100 << 20);
  EXPECT_EQ(info.max_clients, 50);
  EXPECT_EQ(info.clients, 1);
  EXPECT_EQ(info.rejected, 0);
  EXPECT_EQ(info.is_loading, false);
  client.ping();
}

TEST(RedisClient, SaysWhoItIs) {
  const RedisServer server({"--requirepass", "pa:ss-word", "--user", "app", "on", ">app-secret", "~*", "+@all",
                            "--user", "narrow", "on", ">narrow-secret", "~*", "-@all", "+info"});
  connect(server.url(":pa%3Ass-word")).ping();
  connect(server.url("app:app-secret")).ping();
  EXPECT_EQ(refused(server.url()).trouble(), Trouble::no_password);
  EXPECT_EQ(refused(server.url(":wrong-one")).trouble(), Trouble::wrong_password);
  EXPECT_EQ(refused(server.url("app:wrong-one")).trouble(), Trouble::wrong_password);
  const auto narrow = refused(server.url("narrow:narrow-secret"));
  EXPECT_EQ(narrow.trouble(), Trouble::not_permitted);
  EXPECT_TRUE(says(narrow.what(), "answered PING with NOPERM"));
  EXPECT_EQ(std::string(refused(server.url(":wrong-one")).what()).find("wrong-one"), std::string::npos);
}

TEST(RedisClient, APasswordWhereNoneIsSetIsToldSo) {
  const RedisServer server;
  const auto error = refused(server.url(":not-needed"));
  EXPECT_EQ(error.trouble(), Trouble::wrong_password);
  EXPECT_TRUE(says(error.what(), "refused the password"));
}

TEST(RedisClient, SpeaksVerifiedTls) {
  const test::Authority authority;
  const auto identity = authority.issue();
  const TempFolder folder;
  write_file(folder.path() / "cert.pem", identity.certificate_pem);
  write_file(folder.path() / "key.pem", identity.key_pem);
  const RedisServer server({"--tls-cert-file", (folder.path() / "cert.pem").string(), "--tls-key-file",
                            (folder.path() / "key.pem").string(), "--tls-auth-clients", "no", "--tls-ca-cert-dir",
                            "/etc/ssl/certs"});
  const auto url = "rediss://127.0.0.1:" + std::to_string(server.port());
  auto client = connect(url, {.ca_pem = authority.certificate_pem()});
  client.ping();
  EXPECT_EQ(client.info().role, "master");
  const test::Authority stranger;
  EXPECT_TRUE(says(refusal(ExitCode::unknown,
                           [&] {
                             connect(url, {.ca_pem = stranger.certificate_pem()});
                             return 0;
                           }),
                   "its certificate is refused"));
  EXPECT_NE(refusal(ExitCode::unknown,
                    [&] {
                      connect(server.url()).ping();
                      return 0;
                    }),
            "taken")
      << "without TLS";
}

TEST(RedisClient, AReplicaSaysSoAndOneWithoutItsMasterServesNothing) {
  const RedisServer lost({"--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no"});
  EXPECT_EQ(refused(lost.url()).trouble(), Trouble::master_down);
  const RedisServer stale({"--replicaof", "127.0.0.1", "1"});
  auto client = connect(stale.url());
  client.ping();
  EXPECT_EQ(client.info().role, "slave");
  EXPECT_EQ(client.info().master_link, "down");
}

TEST(RedisClient, AServerThatReadsItsDataIsToldFromOneThatServes) {
  const TempFolder folder;
  {
    const RedisServer before({}, folder.path());
    for (int i = 0; i < 64; ++i) before.cli({"SET", "key" + std::to_string(i), std::string(2048, 'x')});
    EXPECT_EQ(before.cli({"SAVE"}), "OK");
  }
  const RedisServer server(
      {"--key-load-delay", "200000", "--loading-process-events-interval-bytes", "1024", "--rdbcompression", "no"},
      folder.path());
  const auto error = refused(server.url());
  EXPECT_EQ(error.trouble(), Trouble::loading);
  EXPECT_TRUE(says(error.what(), "reading its data set"));
}

TEST(RedisClient, WhatIsNoRedisIsNoPong) {
  const auto said_by = [](const std::string& greeting) {
    const test::HttpServer server([](const test::Received&) { return test::Answer{}; }, {.greeting = greeting});
    return refusal(ExitCode::unknown, [&] {
      connect("redis://127.0.0.1:" + std::to_string(server.port())).ping();
      return 0;
    });
  };
  EXPECT_TRUE(says(said_by("-ERR max number of clients reached\r\n"), "max number of clients"));
  EXPECT_TRUE(says(said_by("+OK\r\n"), "and not with PONG"));
  EXPECT_TRUE(says(said_by("220 mail.example.com ESMTP\r\n"), "no Redis protocol"));
  EXPECT_TRUE(says(refusal(ExitCode::unknown,
                           [] {
                             connect("redis://127.0.0.1:1").ping();
                             return 0;
                           }),
                   "cannot reach 'redis://127.0.0.1:1': connection refused"));
}

TEST(RedisClient, ASilentServerDoesNotHoldUs) {
  const test::HttpServer server([](const test::Received&) { return test::Answer{.is_silent = true}; });
  const auto said = refusal(ExitCode::unknown, [&] {
    Client client({.address = parse_address("redis://127.0.0.1:" + std::to_string(server.port())),
                   .deadline = std::chrono::milliseconds(300)});
    client.ping();
    return 0;
  });
  EXPECT_TRUE(says(said, "no complete answer within 300 ms"));
}

}  // namespace
}  // namespace baton::redis
