// When the client asks again, and when not.
#include "common/io/http/retry.h"

#include <atomic>

#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

constexpr Time kStart{std::chrono::seconds(1'762'264'800)};  // Tue, 04 Nov 2025 14:00:00 GMT

class HttpRetryTest : public HttpTest {
 protected:
  /// Answers `first` until `good` attempts were made.
  static HttpServer::Handler failing(int times, Answer first) {
    return [left = std::make_shared<std::atomic<int>>(times), first](const Received&) {
      return (*left)-- > 0 ? first : Answer{.body = "ok"};
    };
  }
  HttpClient patient() { return {HttpSettings{}, Environment(), manual_}; }
  Duration passed() const { return manual_.monotonic(); }

  ManualClock manual_{kStart};
};

TEST_F(HttpRetryTest, AsksThreeTimesWithGrowingPauses) {
  HttpServer server(failing(2, {.cut_after = 0}));
  EXPECT_EQ(patient().send({.url = server.url()}).body, "ok");
  EXPECT_EQ(server.received().size(), 3U);
  EXPECT_GE(passed(), 100ms + 200ms);
  EXPECT_LE(passed(), 200ms + 400ms);
}

TEST_F(HttpRetryTest, GivesUpAfterItsAttempts) {
  HttpServer server(failing(3, {.cut_after = 0}));
  EXPECT_TRUE(says(error_of([&] { patient().send({.url = server.url()}); }).what(), "closed without an answer"));
  EXPECT_EQ(server.received().size(), 3U);
}

TEST_F(HttpRetryTest, RetriesOnlyWhatMayHappenTwice) {
  const std::vector<std::pair<HttpRequest, std::size_t>> cases = {{{.method = "GET"}, 3},
                                                                  {{.method = "HEAD"}, 3},
                                                                  {{.method = "PUT"}, 3},
                                                                  {{.method = "DELETE"}, 3},
                                                                  {{.method = "OPTIONS"}, 3},
                                                                  {{.method = "POST"}, 1},
                                                                  {{.method = "PATCH"}, 1},
                                                                  {{.method = "POST", .retry = true}, 3},
                                                                  {{.method = "GET", .retry = false}, 1}};
  for (auto [request, expected] : cases) {
    HttpServer server(failing(9, {.cut_after = 0}));
    request.url = server.url();
    error_of([&] { patient().send(request); });
    EXPECT_EQ(server.received().size(), expected) << request.method;
  }
}

TEST_F(HttpRetryTest, AStatusIsAnAnswer) {
  for (const int status : {500, 502, 503, 429, 404}) {
    HttpServer server(failing(9, {.status = status}));
    EXPECT_EQ(patient().send({.url = server.url()}).status, status);
    EXPECT_EQ(server.received().size(), 1U);
  }
}

TEST_F(HttpRetryTest, WaitsAsLongAsTheServerWants) {
  for (const int status : {429, 503}) {
    HttpServer server(failing(1, {.status = status, .headers = {{"Retry-After", "7"}}}));
    const Duration before = passed();
    EXPECT_EQ(patient().send({.method = "POST", .url = server.url()}).body, "ok");
    EXPECT_EQ(passed() - before, 7s);
  }
}

TEST_F(HttpRetryTest, ReturnsTheAnswerWhenTheWaitDoesNotFitTheDeadline) {
  for (const auto& [seconds, expected] : {std::pair{"9", 2U}, {"10", 1U}, {"999999999", 1U}}) {
    HttpServer server(failing(1, {.status = 429, .headers = {{"Retry-After", seconds}}}));
    patient().send({.url = server.url(), .deadline = 10s});
    EXPECT_EQ(server.received().size(), expected) << seconds;
  }
}

TEST_F(HttpRetryTest, DoesNotWaitWhenToldNotToRetry) {
  HttpServer server(failing(1, {.status = 503, .headers = {{"Retry-After", "1"}}}));
  EXPECT_EQ(patient().send({.url = server.url(), .retry = false}).status, 503);
}

TEST_F(HttpRetryTest, ReadsRetryAfter) {
  const auto wanted = [](int status, const std::string& text) {
    return retry_after({.status = status, .headers = {{"Retry-After", text}}, .body = {}}, kStart);
  };
  EXPECT_EQ(wanted(429, "5"), 5s);
  EXPECT_EQ(wanted(503, "0"), 0s);
  EXPECT_EQ(wanted(503, "Tue, 04 Nov 2025 14:00:30 GMT"), 30s);
  EXPECT_EQ(wanted(503, "Tue, 04 Nov 2025 13:00:00 GMT"), 0s);
  EXPECT_EQ(wanted(200, "5"), std::nullopt);
  for (const std::string bad : {"", "-1", "5s", "soon", "99999999999999999999"})
    EXPECT_EQ(wanted(429, bad), std::nullopt) << bad;
}

TEST_F(HttpRetryTest, PausesAreJitteredWithinBounds) {
  for (int attempt = 2; attempt < 12; ++attempt) {
    const Duration longest = 200ms * (1 << std::min(attempt - 2, 5));
    for (int i = 0; i < 50; ++i) {
      EXPECT_GE(pause_before(attempt), longest / 2);
      EXPECT_LE(pause_before(attempt), longest);
    }
  }
}

}  // namespace
}  // namespace baton
