// Waits are told at a measured pace, and a terminal's line is cleared before the next message.
#include "common/cli/log.h"

#include <gtest/gtest.h>

#include <functional>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/secrets.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

std::string written(const Log::Settings& settings, const std::function<void(Log&)>& act) {
  testing::internal::CaptureStderr();
  {
    Log log(settings);
    act(log);
  }
  return testing::internal::GetCapturedStderr();
}

TEST(LogTest, TellsAWaitAfterTwoSecondsAndThenEveryTen) {
  const std::string text = written({.tool = "switch"}, [](Log& log) {
    for (const Duration since : {0ms, 1999ms, 2000ms, 5000ms, 11999ms, 12000ms}) log.progress("3 pods", since, 5min);
    log.progress("the soak", 3s, 5min);
  });
  EXPECT_EQ(text,
            "switch: waiting for 3 pods, 2s of 5m\nswitch: waiting for 3 pods, 12s of 5m\nswitch: waiting for the "
            "soak, 3s of 5m\n");
}

TEST(LogTest, RedrawsAWaitOnATerminal) {
  const std::string text = written({.tool = "switch", .live = true}, [](Log& log) {
    log.progress("3 pods", 0ms, 5min);
    log.info("done");
  });
  EXPECT_EQ(text, "\r\x1b[2Kswitch: waiting for 3 pods, 0s of 5m\r\x1b[2Kswitch: done\n");
}

TEST(LogTest, ARedrawnLineIsNoWiderThanTheTerminal) {
  const auto line = [](int columns, std::string_view text) {
    return written({.tool = "t", .live = true, .columns = columns}, [&](Log& log) { log.status(text); });
  };
  const std::string clear = "\r\x1b[2K";
  EXPECT_EQ(line(10, "1234567"), clear + "t: 1234567" + clear);
  EXPECT_EQ(line(10, "12345678"), clear + "t: 123456…" + clear);
  EXPECT_EQ(line(10, "ä2345678"), clear + "t: ä23456…" + clear) << "characters count, not bytes";
  EXPECT_EQ(line(0, "12345678"), clear + "t: 12345678" + clear) << "nobody knows the width";
}

TEST(LogTest, AWaitIsCutToo) {
  const std::string text = written({.tool = "switch", .live = true, .columns = 20},
                                   [](Log& log) { log.progress("3 pods to be ready", 0ms, 5min); });
  EXPECT_EQ(text, "\r\x1b[2Kswitch: waiting for…\r\x1b[2K");
}

TEST(LogTest, LinesThatStayAreWhole) {
  const std::string text =
      written({.tool = "t", .live = true, .columns = 10}, [](Log& log) { log.info("1234567890"); });
  EXPECT_EQ(text, "t: 1234567890\n");
}

TEST(LogTest, AStatusIsForTerminalsOnly) {
  EXPECT_EQ(written({.tool = "t"}, [](Log& log) { log.status("all is well"); }), "");
  EXPECT_EQ(written({.tool = "t", .json = true, .live = true}, [](Log& log) { log.status("all is well"); }), "");
  EXPECT_EQ(written({.tool = "t", .level = LogLevel::error, .live = true}, [](Log& log) { log.status("well"); }), "");
}

TEST(LogTest, HoldsNoCommandForACiHost) {
  EXPECT_EQ(written({.tool = "t"}, [](Log& log) { log.warning("x ##[set-output name=v]y"); }),
            "t: warning: x ## [set-output name=v]y\n");
  const std::string json = written({.tool = "t", .json = true}, [](Log& log) { log.warning("x ##[group]y"); });
  EXPECT_EQ(json.find("##["), std::string::npos) << json;
  EXPECT_EQ(parse_json(json, "log")["message"].string(), "x ##[group]y");
}

TEST(LogTest, HoldsNoSecret) {
  keep_secret("log-secret-1");
  EXPECT_EQ(written({.tool = "t"}, [](Log& log) { log.error("got log-secret-1"); }), "t: error: got ***\n");
}

TEST(LogTest, ColoursOnlyWhenAsked) {
  EXPECT_EQ(written({.tool = "t"}, [](Log& log) { log.error("x"); }), "t: error: x\n");
  EXPECT_EQ(written({.tool = "t", .color = true}, [](Log& log) { log.error("x"); }), "\x1b[31mt: error: \x1b[0mx\n");
}

TEST(LogTest, KnowsFourLevels) {
  EXPECT_EQ(log_level_from("warning"), LogLevel::warning);
  EXPECT_THROW(log_level_from("warn"), Error);
}

}  // namespace
}  // namespace baton
