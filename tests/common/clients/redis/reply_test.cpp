// RESP2 and INFO as bytes.
#include "common/clients/redis/reply.h"

#include <gtest/gtest.h>

#include "common/clients/redis/info.h"
#include "tests/support/refusal.h"

namespace baton::redis {
namespace {

using test::refusal;
using test::says;

TEST(RedisReply, TakesEachKindAndSaysHowLongItWas) {
  EXPECT_TRUE(parse_reply("+PONG\r\nmore")->reply.is_text("PONG"));
  EXPECT_EQ(parse_reply("+PONG\r\nmore")->length, 7U);
  EXPECT_EQ(parse_reply("-NOAUTH no\r\n")->reply.text, "NOAUTH no");
  EXPECT_TRUE(parse_reply("-NOAUTH no\r\n")->reply.is_error());
  EXPECT_EQ(parse_reply(":-42\r\n")->reply.number, -42);
  EXPECT_TRUE(parse_reply("$5\r\na\r\nbc\r\n")->reply.is_text("a\r\nbc"));
  EXPECT_TRUE(parse_reply("$0\r\n\r\n")->reply.is_text(""));
  EXPECT_EQ(parse_reply("$-1\r\n")->reply.kind, Reply::Kind::null);
  const auto list = parse_reply("*2\r\n:1\r\n*1\r\n+a\r\n");
  ASSERT_EQ(list->reply.list.size(), 2U);
  EXPECT_TRUE(list->reply.list[1].list[0].is_text("a"));
}

TEST(RedisReply, WaitsForTheRest) {
  const std::string whole = "*2\r\n$3\r\nabc\r\n:7\r\n";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(parse_reply(whole.substr(0, length))) << length;
  EXPECT_EQ(parse_reply(whole)->length, whole.size());
}

TEST(RedisReply, RefusesWhatIsNone) {
  for (const auto* bytes :
       {"HTTP/1.1 400 Bad Request", "\x15\x03\x01", ":x\r\n", ":\r\n", "$-2\r\n", "$3\r\nabcd\r\n", "*99999999\r\n",
        "$999999999999\r\n", "*1\r\n\r\n", "*1\r\n?\r\n", ":99999999999999999999\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"}) {
    EXPECT_TRUE(says(refusal(ExitCode::unknown, [&] { return parse_reply(bytes); }), "no Redis protocol")) << bytes;
  }
  EXPECT_TRUE(says(refusal(ExitCode::unknown, [] { return parse_reply("+" + std::string(kLargestReply + 1, 'x')); }),
                   "it does not end"));
}

TEST(RedisReply, ACommandIsAListOfTexts) {
  EXPECT_EQ(command_text({"AUTH", "p w\r\n"}), "*2\r\n$4\r\nAUTH\r\n$5\r\np w\r\n\r\n");
}

TEST(RedisInfo, TakesWhatIsThereAndLeavesOutWhatIsNot) {
  const auto info = parse_info(
      "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n\r\n# "
      "Memory\r\nused_memory:900\r\nmaxmemory:1000\r\n"
      "maxmemory_policy:noeviction\r\nrole:slave\r\nmaster_link_status:down\r\nloading:0\r\nconnected_clients:8\r\n"
      "maxclients:10\r\nrejected_connections:x\r\n");
  EXPECT_EQ(info.version, "7.0.15");
  EXPECT_EQ(info.role, "slave");
  EXPECT_EQ(info.master_link, "down");
  EXPECT_EQ(info.eviction, "noeviction");
  EXPECT_EQ(info.is_loading, false);
  EXPECT_EQ(info.memory_percent(), 90);
  EXPECT_EQ(info.clients_percent(), 80);
  EXPECT_FALSE(info.rejected) << "no number";
  EXPECT_FALSE(parse_info("maxmemory:0\r\nused_memory:5\r\n").memory_percent()) << "no limit";
  EXPECT_FALSE(parse_info("role:master").is_loading);
  for (const auto* text : {"", "\r\n", "# Server", "no colon here", ":x"})
    EXPECT_TRUE(says(refusal(ExitCode::unknown, [&] { return parse_info(text); }), "INFO says nothing")) << text;
}

}  // namespace
}  // namespace baton::redis
