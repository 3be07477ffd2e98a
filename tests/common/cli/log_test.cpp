// Waits are told at a measured pace, and a terminal's line is cleared before the next message.
#include "common/cli/log.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
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
  winsize size{.ws_row = 25, .ws_col = 40, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  int shown = -1;
  ASSERT_EQ(::openpty(&terminal, &shown, nullptr, nullptr, &size), 0);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(shown, STDERR_FILENO);
  Log log({.tool = "switch", .live = true});
  log.progress("the endpoints of 'a-service-with-a-long-name'", 0ms, 5min);
  ::dup2(kept, STDERR_FILENO);
  std::array<char, 200> bytes{};
  const auto count = ::read(terminal, bytes.data(), bytes.size());
  for (const int each : {terminal, shown, kept}) ::close(each);
  ASSERT_GT(count, 0);
  EXPECT_EQ(std::string(bytes.data(), static_cast<std::size_t>(count)),
            "\r\x1b[2Kswitch: waiting for the endpoints of '…");
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
