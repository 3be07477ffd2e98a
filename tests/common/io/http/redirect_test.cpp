// Redirects: followed as often as allowed, and credentials stay at home.
#include "common/io/http/redirect.h"

#include "common/io/http/no_answer.h"
#include "tests/common/io/http/scene.h"

namespace baton {
namespace {

class HttpRedirectTest : public HttpTest {
 protected:
  static Answer to(const std::string& location, int status = 302) {
    return {.status = status, .headers = {{"Location", location}}};
  }
};

TEST_F(HttpRedirectTest, FollowsAsOftenAsAllowed) {
  HttpServer server([](const Received& received) {
    return received.target == "/a" ? to("/b") : received.target == "/b" ? to("c?d=e") : Answer{.body = "here"};
  });
  EXPECT_EQ(client().send({.url = server.url() + "/a"}).status, 302);
  EXPECT_EQ(client().send({.url = server.url() + "/a", .redirects = 1}).status, 302);
  EXPECT_EQ(client().send({.url = server.url() + "/a", .redirects = 2}).body, "here");
  EXPECT_EQ(server.received().back().target, "/c?d=e");
}

TEST_F(HttpRedirectTest, LeaksNothingToAnotherOrigin) {
  HttpServer other(always({.body = "there"}));
  HttpServer server(always(to(other.url() + "/x")));
  const Headers headers = {
      {"Authorization", "Bearer t"}, {"PRIVATE-TOKEN", "t"}, {"Cookie", "t"}, {"Accept", "text/plain"}};
  const std::string url = "http://jo:pw@" + server.url().substr(7);
  EXPECT_EQ(client().send({.url = url, .headers = headers, .redirects = 1}).body, "there");
  const Received got = other.received().at(0);
  EXPECT_EQ(got.header("Authorization"), "");
  EXPECT_EQ(got.header("PRIVATE-TOKEN"), "");
  EXPECT_EQ(got.header("Cookie"), "");
  EXPECT_EQ(got.header("Accept"), "text/plain");
}

TEST_F(HttpRedirectTest, KeepsCredentialsWithinTheOrigin) {
  HttpServer server([](const Received& received) { return received.target == "/a" ? to("/b") : Answer{}; });
  client().send({.url = server.url() + "/a", .headers = {{"Authorization", "Bearer t"}}, .redirects = 1});
  EXPECT_EQ(server.received().at(1).header("Authorization"), "Bearer t");
}

TEST_F(HttpRedirectTest, ABodyGoesAlongOnlyWhereTheStatusSaysSo) {
  const std::vector<std::tuple<int, std::string, std::string>> cases = {
      {301, "POST", "GET"},  {302, "POST", "GET"}, {303, "POST", "GET"}, {307, "POST", "POST"},
      {308, "POST", "POST"}, {303, "PUT", "GET"},  {302, "PUT", "PUT"},  {303, "HEAD", "HEAD"}};
  for (const auto& [status, method, expected] : cases) {
    HttpRequest request{.method = method, .url = "http://h/a", .body = "x"};
    request = redirected(request, {.status = status, .headers = {{"Location", "/b"}}, .body = {}});
    EXPECT_EQ(request.method, expected) << status;
    EXPECT_EQ(request.body, expected == "GET" ? "" : "x") << status;
  }
}

TEST_F(HttpRedirectTest, WithoutLocationItIsTheAnswer) {
  HttpServer server(always({.status = 304}));
  EXPECT_EQ(client().send({.url = server.url(), .redirects = 5}).status, 304);
  HttpServer silent(always({.status = 302}));
  EXPECT_EQ(client().send({.url = silent.url(), .redirects = 5}).status, 302);
}

TEST_F(HttpRedirectTest, ABadLocationIsTheServersFault) {
  for (const std::string location : {"ftp://h/x", "http://", "http://h:99999/", "javascript:alert(1)"}) {
    HttpServer server(always(to(location)));
    const Error error = error_of([&] { client().send({.url = server.url() + "/a", .redirects = 3}); });
    EXPECT_EQ(error.code(), ExitCode::unknown) << location;
    EXPECT_TRUE(says(error.what(), "cannot reach '" + server.url() + "/a': it redirects badly")) << error.what();
  }
}

TEST_F(HttpRedirectTest, NeverFromHttpsToHttp) {
  const auto failure = error_of<Unanswered>([] {
    return redirected({.url = "https://h/a"}, {.status = 302, .headers = {{"Location", "http://h/b"}}, .body = {}});
  });
  EXPECT_TRUE(says(failure.why().reason, "plain http"));
}

TEST_F(HttpRedirectTest, NamesWhatCouldNotBeReached) {
  HttpServer server(always(to("http://127.0.0.1:1/there")));
  const Error error = error_of([&] { client().send({.url = server.url(), .redirects = 1}); });
  EXPECT_STREQ(error.what(), "cannot reach 'http://127.0.0.1:1/there': connection refused");
}

}  // namespace
}  // namespace baton
