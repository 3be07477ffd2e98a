// Bodies that are handed over as they come.
#include <stop_token>
#include <thread>

#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

using HttpStreamTest = HttpTest;
constexpr auto kAll = [](std::string_view) { return true; };

/// Chunks "a", "b", … and then silence: what a watch is between two events.
Answer endless(const std::string& letters) {
  std::string raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char letter : letters) raw += std::string("1\r\n") + letter + "\r\n";
  return {.raw = raw, .is_silent = true};
}

TEST_F(HttpStreamTest, HandsPiecesOverAsTheyCome) {
  HttpServer server(always({.body = "abcdef", .frame = Answer::Frame::chunked, .pace = 5ms}));
  std::string got;
  int pieces = 0;
  const HttpResponse response = client().stream(
      {.url = server.url()},
      [&](std::string_view piece) {
        got += piece;
        ++pieces;
        return true;
      },
      5s);
  EXPECT_EQ(got, "abcdef");
  EXPECT_GT(pieces, 1);
  EXPECT_TRUE(response.is_success());
  EXPECT_EQ(response.body, "");
}

TEST_F(HttpStreamTest, EndsWhenEnoughCame) {
  HttpServer server(always(endless("abc")));
  std::string got;
  client().stream(
      {.url = server.url()},
      [&](std::string_view piece) {
        got += piece;
        return got.size() < 2;
      },
      1h);
  EXPECT_EQ(got, "ab");
}

TEST_F(HttpStreamTest, EndsInSilence) {
  HttpServer server(always(endless("a")));
  const Duration begin = now();
  const Error error = error_of([&] { client().stream({.url = server.url(), .deadline = 100ms}, kAll, 400ms); });
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_TRUE(says(error.what(), "nothing came for 400 ms")) << error.what();
  EXPECT_GE(now() - begin, 400ms);
}

TEST_F(HttpStreamTest, OurOwnSlownessIsNotThePeersSilence) {
  HttpServer server(always({.body = "abc", .frame = Answer::Frame::chunked, .pace = 1ms}));
  std::string got;
  client().stream(
      {.url = server.url()},
      [&](std::string_view piece) {
        got += piece;
        SystemClock().sleep_for(350ms, {});
        return true;
      },
      200ms);
  EXPECT_EQ(got, "abc");
}

TEST_F(HttpStreamTest, StopsAtOnceFromAnotherThread) {
  const test::Authority authority;
  HttpServer plain(always(endless("a")));
  HttpServer secure(always(endless("a")), {.identity = authority.issue()});
  for (const HttpServer* server : {&plain, &secure}) {
    std::stop_source source;
    std::jthread stopper;
    Duration stopped{};
    const Error error = error_of([&] {
      client({.attempts = 1, .tls = {.ca_pem = authority.certificate_pem()}})
          .stream(
              {.url = server->url()},
              [&](std::string_view) {
                stopper = std::jthread([&] {
                  stopped = now();
                  source.request_stop();
                });
                return true;
              },
              1h, source.get_token());
    });
    EXPECT_EQ(error.code(), ExitCode::interrupted);
    EXPECT_LT(now() - stopped, 500ms);
  }
}

TEST_F(HttpStreamTest, SaysWhenItWasCut) {
  HttpServer server(always({.body = "abc", .frame = Answer::Frame::chunked, .cut_after = 60}));
  EXPECT_TRUE(says(error_of([&] { client().stream({.url = server.url()}, kAll, 5s); }).what(), "ended before its"));
}

TEST_F(HttpStreamTest, AnErrorsTextIsInTheResponse) {
  HttpServer server(always({.status = 410, .body = "too old"}));
  bool was_called = false;
  const HttpResponse response = client().stream(
      {.url = server.url()}, [&](std::string_view) { return was_called = true; }, 5s);
  EXPECT_EQ(response.status, 410);
  EXPECT_EQ(response.body, "too old");
  EXPECT_FALSE(was_called);
}

TEST_F(HttpStreamTest, WhatTheTakerThrowsComesThrough) {
  HttpServer server(always({.body = "{"}));
  const Error error = error_of([&] {
    client().stream(
        {.url = server.url()}, [](std::string_view) -> bool { throw Error(ExitCode::unknown, "bad JSON"); }, 5s);
  });
  EXPECT_STREQ(error.what(), "bad JSON");
}

TEST_F(HttpStreamTest, TheHeadMustComeBeforeTheDeadline) {
  HttpServer server(always({.delay = 1h}));
  EXPECT_TRUE(says(error_of([&] { client().stream({.url = server.url(), .deadline = 200ms}, kAll, 1h); }).what(),
                   "no complete answer within 200 ms"));
}

}  // namespace
}  // namespace baton
