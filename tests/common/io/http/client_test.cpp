// Requests and answers over plain connections.
#include "common/io/http/client.h"

#include "tests/common/io/http/scene.h"
#include "tests/support/background.h"

namespace baton {
namespace {

TEST_F(HttpTest, GetsAnAnswer) {
  HttpServer server(always({.status = 418, .headers = {{"X-Kind", "teapot"}}, .body = "short and stout"}));
  const HttpResponse response = client().send({.url = server.url() + "/a?b=c#d"});
  EXPECT_EQ(response.status, 418);
  EXPECT_FALSE(response.is_success());
  EXPECT_EQ(response.body, "short and stout");
  EXPECT_EQ(response.header("x-kind"), "teapot");
  EXPECT_EQ(response.header("x-none"), "");
  EXPECT_EQ(server.received().at(0).method, "GET");
  EXPECT_EQ(server.received().at(0).target, "/a?b=c");
  EXPECT_EQ(server.received().at(0).header("Host"), server.url().substr(7));
  EXPECT_TRUE(says(server.received().at(0).header("User-Agent"), "baton/"));
}

TEST_F(HttpTest, SendsHeadersAndBody) {
  HttpServer server(always({}));
  const std::string body(300'000, 'x');
  client().send({.method = "POST", .url = server.url(), .headers = {{"X-One", "1"}}, .body = body});
  EXPECT_EQ(server.received().at(0).body, body);
  EXPECT_EQ(server.received().at(0).header("X-One"), "1");
  EXPECT_EQ(server.received().at(0).target, "/");
}

TEST_F(HttpTest, FramesEveryBody) {
  HttpServer server(always({}));
  HttpClient http = client();
  http.send({.method = "DELETE", .url = server.url(), .body = "{}"});
  http.send({.method = "POST", .url = server.url()});
  http.send({.method = "GET", .url = server.url()});
  EXPECT_EQ(server.received().at(0).body, "{}");
  EXPECT_EQ(server.received().at(1).header("Content-Length"), "0");
  EXPECT_EQ(server.received().at(2).header("Content-Length"), "");
}

TEST_F(HttpTest, SendsTheUrlsUserAsAuthorization) {
  HttpServer server(always({}));
  const std::string url = "http://jo:p%40ss@" + server.url().substr(7);
  client().send({.url = url});
  client().send({.url = url, .headers = {{"Authorization", "Bearer t"}}});
  EXPECT_EQ(server.received().at(0).header("Authorization"), "Basic am86cEBzcw==");
  EXPECT_EQ(server.received().at(1).header("Authorization"), "Bearer t");
}

TEST_F(HttpTest, ReadsChunkedBodiesAndTheirTrailers) {
  HttpServer server(always({.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                   "4;note=\"\xC3\xBF\"\r\nwiki\r\n3\r\npe\n\r\n0\r\nX-Sum: \xFF\r\n\r\n"}));
  EXPECT_EQ(client().send({.url = server.url()}).body, "wikipe\n");
}

TEST_F(HttpTest, ReadsBodiesThatEndWithTheConnection) {
  HttpServer server(always({.body = "all of it", .frame = Answer::Frame::until_close}));
  EXPECT_EQ(client().send({.url = server.url()}).body, "all of it");
}

TEST_F(HttpTest, ExpectsNoBodyWhereThereIsNone) {
  HttpServer server([](const Received& received) -> Answer {
    if (received.method == "HEAD") return {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"};
    return {.status = received.target == "/204" ? 204 : 304};
  });
  HttpClient http = client();
  EXPECT_EQ(http.send({.method = "HEAD", .url = server.url()}).body, "");
  EXPECT_EQ(http.send({.url = server.url() + "/204"}).status, 204);
  EXPECT_EQ(http.send({.url = server.url() + "/304"}).status, 304);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpTest, WaitsForTheAnswerBehindInformation) {
  HttpServer server(always({.raw = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                                   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}));
  const HttpResponse response = client().send({.url = server.url()});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok");
}

TEST_F(HttpTest, RefusesABodyShorterThanAnnounced) {
  HttpServer server(always({.raw = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .is_last = true}));
  const Error error = failure_of({.url = server.url() + "/x"});
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_EQ(error.what(), "cannot reach '" + server.url() + "/x': the answer ended before its announced length");
}

TEST_F(HttpTest, RefusesAChunkedBodyWithoutItsEnd) {
  for (const std::string cut : {"5\r\nhe", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n", ""}) {
    HttpServer server(always({.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + cut, .is_last = true}));
    EXPECT_TRUE(says(failure_of({.url = server.url()}).what(), "ended before its announced length")) << cut;
  }
}

TEST_F(HttpTest, RefusesFramesThatContradict) {
  const std::vector<std::pair<std::string, std::string>> heads = {
      {"Content-Length: -5", "announces the length '-5'"},
      {"Content-Length: 3\r\nContent-Length: 4", "announces two lengths"},
      {"Content-Length: five", "the answer is no HTTP"},
      {"Transfer-Encoding: gzip, chunked", "is encoded as 'gzip, chunked'"},
  };
  for (const auto& [head, reason] : heads) {
    HttpServer server(always({.raw = "HTTP/1.1 200 OK\r\n" + head + "\r\n\r\nabcde", .is_last = true}));
    EXPECT_TRUE(says(failure_of({.url = server.url()}).what(), reason)) << failure_of({.url = server.url()}).what();
  }
}

TEST_F(HttpTest, RefusesBrokenChunks) {
  for (const std::string chunk :
       {"xyz\r\n", "-5\r\nhello\r\n", "3\r\nhello\r\n", "ffffffffffffffffff\r\n", "\r\n", "5"}) {
    HttpServer server(
        always({.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + std::string(5000, 'x')}));
    EXPECT_TRUE(says(failure_of({.url = server.url()}).what(), "the answer holds a ")) << chunk;
  }
}

TEST_F(HttpTest, RefusesWhatIsNoHttp) {
  HttpServer server(always({.raw = "220 mail.example ESMTP\r\n\r\n", .is_last = true}));
  EXPECT_TRUE(says(failure_of({.url = server.url()}).what(), "the answer is no HTTP"));
}

TEST_F(HttpTest, RefusesBodiesBeyondTheCap) {
  for (const auto frame : {Answer::Frame::length, Answer::Frame::chunked, Answer::Frame::until_close}) {
    HttpServer server(always({.body = std::string(1001, 'x'), .frame = frame}));
    EXPECT_EQ(client().send({.url = server.url(), .max_body = 1001}).body.size(), 1001U);
    const Error error = error_of([&] { client({}).send({.url = server.url(), .max_body = 1000}); });
    EXPECT_TRUE(says(error.what(), "larger than the cap of 1000 bytes"));
    EXPECT_EQ(server.received().size(), 2U) << "asking again would bring it again";
  }
}

TEST_F(HttpTest, SaysThatNobodyListens) {
  const std::string url = "http://jo:secret@127.0.0.1:" + std::to_string(test::free_port()) + "/x?token=abc";
  const Error error = failure_of({.url = url});
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_TRUE(says(error.what(), "cannot reach 'http://")) << error.what();
  EXPECT_TRUE(says(error.what(), "/x?token=***': connection refused")) << error.what();
  EXPECT_FALSE(says(error.what(), "secret"));
  EXPECT_EQ(error.hint(), "Check that the server runs and that the port is right.");
}

TEST_F(HttpTest, SaysThatTheConnectionWasClosedWithoutAnAnswer) {
  HttpServer server(always({.cut_after = 0}));
  EXPECT_TRUE(says(failure_of({.url = server.url()}).what(), "closed without an answer"));
}

TEST_F(HttpTest, RefusesLineEndsInHeaders) {
  HttpServer server(always({}));
  const std::string url = server.url();
  const std::vector<std::pair<std::string, std::string>> bad = {{"X-A", "1\r\nX-Evil: 2"},
                                                                {"X-A", "1\n2"},
                                                                {"X-A", std::string("1\0", 2)},
                                                                {"X-A\r\nX-Evil", "1"},
                                                                {"X A", "1"},
                                                                {"X-A:", "1"},
                                                                {"", "1"}};
  for (const auto& header : bad) {
    EXPECT_EQ(failure_of({.url = url, .headers = {header}}).code(), ExitCode::usage) << header.first;
    EXPECT_EQ(error_of([&] {
                client().stream(
                    {.url = url, .headers = {header}}, [](auto) { return true; }, 1s);
              }).code(),
              ExitCode::usage);
  }
  EXPECT_EQ(failure_of({.method = "GET / HTTP/1.1\r\nX-Evil:", .url = url}).code(), ExitCode::usage);
  EXPECT_EQ(failure_of({.url = url + "/\r\nX-Evil: 1"}).code(), ExitCode::usage);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpTest, TriesEveryAddressOfAName) {
  HttpServer server(always({.body = "six"}), {.address = "::1"});
  EXPECT_EQ(client().send({.url = server.url("localhost")}).body, "six");
  EXPECT_EQ(client().send({.url = server.url()}).body, "six");
  EXPECT_EQ(server.received().at(1).header("Host"), "[::1]:" + std::to_string(server.port()));
}

TEST_F(HttpTest, AnErrorNamesTheSettingThatLedThere) {
  ManualClock clock{Time{}};
  HttpClient http({.attempts = 1, .origin = "metrics.prometheus, baton.yaml:3:24"}, {}, clock);
  const std::string url = "http://127.0.0.1:" + std::to_string(test::free_port());
  try {
    http.send({.url = url});
    FAIL() << "answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), "cannot reach '" + url + "' (metrics.prometheus, baton.yaml:3:24): connection refused");
  }
}

}  // namespace
}  // namespace baton
