// URLs.
#include "common/io/url.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/core/error.h"
#include "tests/support/refusal.h"

namespace baton {
namespace {

TEST(UrlTest, TakesUrlsApart) {
  const Url url = parse_url("HTTPS://jo:p@ss@API.Example.com:8443/a/b?c=d://e#f");
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.user_info, "jo:p@ss");
  EXPECT_EQ(url.host, "api.example.com");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.path_and_query, "/a/b?c=d://e");
}

TEST(UrlTest, FillsInWhatIsNotWritten) {
  EXPECT_EQ(parse_url("http://h").port, 80);
  EXPECT_EQ(parse_url("https://h").port, 443);
  EXPECT_EQ(parse_url("http://h").path_and_query, "/");
  EXPECT_EQ(parse_url("http://h?a=b").path_and_query, "/?a=b");
  EXPECT_EQ(parse_url("http://h#a").path_and_query, "/");
}

TEST(UrlTest, ReadsAddresses) {
  EXPECT_EQ(parse_url("http://[::1]:81/").host, "::1");
  EXPECT_EQ(parse_url("http://[::1]:81/").port, 81);
  EXPECT_EQ(parse_url("http://[::1]").authority(), "[::1]:80");
  EXPECT_EQ(parse_url("http://[::1]").host_header(), "[::1]");
  EXPECT_EQ(parse_url("http://h:81").host_header(), "h:81");
  EXPECT_EQ(parse_url("https://h:80").host_header(), "h:80");
}

TEST(UrlTest, RefusesWhatIsNone) {
  const std::vector<std::string> bad = {"",
                                        "h",
                                        "ftp://h",
                                        "http:/h",
                                        "http://",
                                        "http:///a",
                                        "http://:80",
                                        "http://h:0",
                                        "http://h:65536",
                                        "http://h:",
                                        "http://h:8x",
                                        "http://[::1",
                                        "http://[::1]x:1",
                                        "http://h /",
                                        "http://h/\n",
                                        "http://h/\x7F",
                                        "http://jo@"};
  for (const std::string& url : bad) {
    const auto words = test::refusal(ExitCode::usage, [&] { return parse_url(url); });
    EXPECT_TRUE(words.starts_with("bad URL '")) << words;
  }
}

TEST(UrlTest, KeepsSecretsOutOfMessages) {
  EXPECT_FALSE(test::says(test::error_of([] { return parse_url("ftp://jo:secret@h/"); }).what(), "secret"));
}

TEST(UrlTest, ResolvesLocations) {
  const Url from = parse_url("https://h:8443/a/b?c");
  EXPECT_EQ(resolve_location(from, "http://o/x"), "http://o/x");
  EXPECT_EQ(resolve_location(from, "//o/x"), "https://o/x");
  EXPECT_EQ(resolve_location(from, "/x?y"), "https://h:8443/x?y");
  EXPECT_EQ(resolve_location(from, "x"), "https://h:8443/a/x");
  EXPECT_EQ(resolve_location(from, "?x"), "https://h:8443/a/b?x");
  EXPECT_EQ(resolve_location(from, "/login?next=http://o/"), "https://h:8443/login?next=http://o/");
  EXPECT_EQ(resolve_location(parse_url("http://[::1]/"), "/x"), "http://[::1]:80/x");
}

TEST(UrlTest, DecodesPercents) {
  EXPECT_EQ(percent_decode("p%40ss%3aw"), "p@ss:w");
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%-1%+1"), "%zz%-1%+1");
}

TEST(UrlTest, AnOriginIsSchemeHostAndPort) {
  const Url url = parse_url("https://h/a");
  EXPECT_TRUE(url.is_same_origin(parse_url("https://H:443/b")));
  EXPECT_FALSE(url.is_same_origin(parse_url("http://h:443/")));
  EXPECT_FALSE(url.is_same_origin(parse_url("https://h:444/")));
  EXPECT_FALSE(url.is_same_origin(parse_url("https://g/")));
}

}  // namespace
}  // namespace baton
